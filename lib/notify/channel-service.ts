import { record } from "@/lib/audit/service";
import { newId } from "@/lib/auth/secrets";
import { type Db, prisma } from "@/lib/db/client";
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
  clearLinkCarrier,
  countChannels,
  countWaiting,
  deleteChannel,
  listChannels,
  lockChannel,
  lockLinkCarrier,
  readChannel,
  readLinkCarrier,
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

/** Whether whoever asks is an admin: what lets people in is not for others to lead elsewhere. */
type By = { isAdmin: boolean };

/** Throws `invalid` for an address that may not be called. */
export async function createChannel(
  { workspace, isAdmin }: By & { workspace: string },
  wanted: NewChannel,
  now = new Date(),
): Promise<ChannelItem> {
  requireCarrier(wanted.kind, wanted.carries_links, { isAdmin });
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
    const carriesLinks = kind === "email" && isAdmin && (await isCarrier(tx, workspace, wanted));
    if (carriesLinks) await clearLinkCarrier(tx, { workspace, id });
    const saved = await saveChannel(tx, { ...row, carriesLinks });
    const after = channelItem(saved, 0);
    await record(tx, workspace, { action: "channel.created", target: saved, after });
    await reconsider(tx, workspace, now);
    return toldOf(saved);
  });
}

/** Changes what is named and leaves the rest. Throws `not_found`, `invalid`, `forbidden`, `conflict`. */
export async function changeChannel(
  { isAdmin, ...key }: By & ChannelKey,
  patch: ChannelPatch,
  now = new Date(),
): Promise<ChannelItem> {
  const { name, sends_closes, is_default, carries_links, state, ...fields } = patch;
  const before = await requireChannel(key);
  const isMoved = Object.keys(fields).length > 0;
  requireCarrier(before.kind, carries_links, { isAdmin });
  // Whom it tells is the operators' to say; through which server is not.
  if (Object.keys(fields).some((field) => field !== "to")) requireMayMove(before, { isAdmin });
  const parts = changedParts(before, fields);
  if (isMoved) await checkPlaces(ChannelKind.parse(before.kind), parts);
  return prisma.$transaction(async (tx) => {
    // Before the row, as for a new one: two that choose at once wait for each other here and nowhere else.
    if (carries_links) await lockLinkCarrier(tx, key.workspace);
    const row = await lockChannel(tx, key);
    if (!row) throw missing();
    if (isMoved && !isSameRow(row, before))
      throw new AppError(
        "conflict",
        "The channel was changed meanwhile; look at it and try again.",
      );
    if (is_default) await clearDefault(tx, key);
    if (carries_links) await clearLinkCarrier(tx, key);
    const saved = await updateChannel(tx, key, {
      ...(name === undefined ? {} : { name }),
      ...(sends_closes === undefined ? {} : { sendsCloses: sends_closes }),
      ...(is_default === undefined ? {} : { isDefault: is_default }),
      ...(carries_links === undefined ? {} : { carriesLinks: carries_links }),
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

/** What waits for it is dropped; what was delivered stays to be read. Throws `not_found`, `forbidden`. */
export async function removeChannel(
  { isAdmin, ...key }: By & ChannelKey,
  now = new Date(),
): Promise<undefined> {
  await prisma.$transaction(async (tx) => {
    const row = await lockChannel(tx, key);
    if (row) requireMayMove(row, { isAdmin });
    if (!row || !(await deleteChannel(tx, key, now))) throw missing();
    const before = channelItem(row, 0);
    await record(tx, key.workspace, { action: "channel.deleted", target: row, before });
    await reconsider(tx, key.workspace, now);
  });
  return undefined;
}

/** Whether a new mail server is to carry links: as it is asked for, else where none does. */
async function isCarrier(
  tx: Db,
  workspace: string,
  { carries_links }: { carries_links?: boolean },
): Promise<boolean> {
  await lockLinkCarrier(tx, workspace);
  return carries_links ?? (await readLinkCarrier(workspace, tx)) === null;
}

function requireCarrier(kind: string, carries: boolean | undefined, { isAdmin }: By): void {
  if (carries === undefined) return;
  if (!isAdmin)
    throw new AppError(
      "forbidden",
      "Only an admin chooses which channel carries links for people.",
    );
  if (carries && kind !== "email")
    throw invalidField("carries_links", "only a mail server can carry links");
}

function requireMayMove({ carriesLinks }: ChannelRow, { isAdmin }: By): void {
  if (carriesLinks && !isAdmin)
    throw new AppError(
      "forbidden",
      "This channel carries links by which people come in; only an admin changes its server or removes it.",
    );
}

/** Whether it still leads where it did, by the same secrets, and carries what it did. */
const isSameRow = (row: ChannelRow, before: ChannelRow) =>
  JSON.stringify([row.settings, row.secrets, row.carriesLinks]) ===
  JSON.stringify([before.settings, before.secrets, before.carriesLinks]);

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
