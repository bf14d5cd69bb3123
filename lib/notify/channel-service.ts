import { record } from "@/lib/audit/service";
import { newId } from "@/lib/auth/secrets";
import { prisma } from "@/lib/db/client";
import { AppError, invalidField, invalidPart } from "@/lib/http/errors";
import { channelItem } from "./channel-item";
import { changedFields, partsOf, strayingSecret, type Written } from "./channel-parts";
import {
  type ChannelItem,
  ChannelKind,
  type ChannelPatch,
  type ChannelsPage,
  MOST_CHANNELS,
  type NewChannel,
  SETTINGS,
} from "./channel-schema";
import {
  type ChannelKey,
  type ChannelRow,
  clearDefault,
  countChannels,
  countWaiting,
  deleteChannel,
  listChannels,
  lockChannel,
  readChannel,
  saveChannel,
  updateChannel,
} from "./channel-store";
import { reconsider } from "./notice-store";
import { checkPlaces } from "./places-service";
import { SealedSecrets } from "./sealed";
import { sealSecrets } from "./secrets-service";

const missing = () => new AppError("not_found", "There is no such channel.");

export async function listItems(workspace: string): Promise<ChannelsPage> {
  const rows = await listChannels(workspace);
  const waiting = await countWaiting(
    workspace,
    rows.map(({ id }) => id),
  );
  return { data: rows.map((row) => channelItem(row, waiting.get(row.id) ?? 0)), next_cursor: null };
}

/** Throws `not_found`. */
export async function requireChannel(key: ChannelKey): Promise<ChannelRow> {
  const row = await readChannel(key);
  if (!row) throw missing();
  return row;
}

/** Throws `not_found`. */
export async function readItem(key: ChannelKey): Promise<ChannelItem> {
  return toldOf(await requireChannel(key));
}

/** Throws `invalid` for an address that may not be called. */
export async function createChannel(
  workspace: string,
  wanted: NewChannel,
  now = new Date(),
): Promise<ChannelItem> {
  const id = newId("chan");
  const { kind, name } = wanted;
  const parts = partsOf(kind, wanted);
  const { settings, secrets } = parts;
  await checkPlaces(kind, parts);
  const row = {
    ...{ workspace, id, kind, name, settings },
    secrets: await sealSecrets({ id, secrets: {} }, secrets, now),
    sendsCloses: wanted.sends_closes,
    isDefault: wanted.is_default,
    ...{ createdAt: now, updatedAt: now },
  };
  return prisma.$transaction(async (tx) => {
    if ((await countChannels(workspace, tx)) >= MOST_CHANNELS)
      throw new AppError("conflict", `There are ${MOST_CHANNELS} channels; remove one first.`);
    if (row.isDefault) await clearDefault(tx, { workspace, id });
    const saved = await saveChannel(tx, row);
    const after = channelItem(saved, 0);
    await record(tx, workspace, { action: "channel.created", target: saved, after });
    await reconsider(tx, workspace, now);
    return toldOf(saved);
  });
}

/** Changes what is named and leaves the rest. Throws `not_found`, `invalid`. */
export async function changeChannel(
  key: ChannelKey,
  patch: ChannelPatch,
  now = new Date(),
): Promise<ChannelItem> {
  const { name, sends_closes, is_default, state, ...fields } = patch;
  const before = await requireChannel(key);
  const parts = changedParts(before, fields);
  if (Object.keys(fields).length > 0) await checkPlaces(ChannelKind.parse(before.kind), parts);
  return prisma.$transaction(async (tx) => {
    const row = await lockChannel(tx, key);
    if (!row) throw missing();
    if (is_default) await clearDefault(tx, key);
    const saved = await updateChannel(tx, key, {
      ...(name === undefined ? {} : { name }),
      ...(sends_closes === undefined ? {} : { sendsCloses: sends_closes }),
      ...(is_default === undefined ? {} : { isDefault: is_default }),
      ...(state === undefined ? {} : { state, stateReason: null, failures: 0, clearAt: null }),
      settings: parts.settings,
      secrets: await sealSecrets(row, parts.secrets, now),
      updatedAt: now,
    });
    const states = { before: channelItem(row, 0), after: saved && channelItem(saved, 0) };
    await record(tx, key.workspace, { action: "channel.changed", target: saved ?? row, ...states });
    if (is_default !== undefined) await reconsider(tx, key.workspace, now);
    return toldOf(saved);
  });
}

/** What waits for it is dropped; what was delivered stays to be read. Throws `not_found`. */
export async function removeChannel(key: ChannelKey, now = new Date()): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const row = await readChannel(key, tx);
    if (!row || !(await deleteChannel(tx, key, now))) throw missing();
    const before = channelItem(row, 0);
    await record(tx, key.workspace, { action: "channel.deleted", target: row, before });
    await reconsider(tx, key.workspace, now);
  });
}

/** Its parts as they are to be. Throws `invalid`, also where a stored secret would be sent elsewhere. */
function changedParts(row: ChannelRow, fields: Written) {
  const kind = ChannelKind.parse(row.kind);
  const changed = changedFields(kind, fields);
  if (changed.kind === "wrong") throw invalidPart("body", changed.error);
  const before: Written = SETTINGS[kind].parse(row.settings);
  const parts = partsOf(kind, { ...before, ...changed.data });
  const stray = strayingSecret({
    before,
    after: parts.settings,
    stored: Object.keys(SealedSecrets.parse(row.secrets)),
    secrets: parts.secrets,
  });
  if (stray !== null)
    throw invalidField(
      stray,
      "needed along with another address: a stored secret is sent only where it was entered for",
    );
  return parts;
}

async function toldOf(row: ChannelRow | null): Promise<ChannelItem> {
  if (!row) throw missing();
  const waiting = await countWaiting(row.workspace, [row.id]);
  return channelItem(row, waiting.get(row.id) ?? 0);
}
