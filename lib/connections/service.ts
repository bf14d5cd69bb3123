import { record } from "@/lib/audit/service";
import { newId } from "@/lib/auth/secrets";
import { type Db, PATIENT, prisma } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/http/errors";
import { OutboundError } from "@/lib/http/outbound-error";
import { checkOutboundUrl } from "@/lib/http/outbound-guard";
import { enqueue } from "@/lib/jobs/queue";
import { parseBaseUrl } from "./base-url";
import { changeOf } from "./change";
import { itemOf } from "./item";
import { sealAdminKey, sealApiKey, sealWebhookSecrets } from "./keys-service";
import {
  BILLING_WORK,
  type ConnectionItem,
  type ConnectionPatch,
  ConnectionState,
  type ConnectionsPage,
  MOST_CONNECTIONS,
  type NewConnection,
  PURGE_TASK,
  type RemoveQuery,
  START_TASK,
} from "./schema";
import { readStandings } from "./standing-store";
import {
  type ConnectionChanges,
  type ConnectionKey,
  type ConnectionRow,
  countConnections,
  deleteConnection,
  listConnections,
  lockConnection,
  makeDue,
  readConnection,
  saveConnection,
  updateConnection,
} from "./store";
import { readWarnings } from "./warning-store";

const missing = () => new AppError("not_found", "There is no such connection.");

export async function listItems(workspace: string): Promise<ConnectionsPage> {
  return { data: await itemsOf(await listConnections(workspace)), next_cursor: null };
}

export async function readItem(key: ConnectionKey): Promise<ConnectionItem> {
  return toldOf(await readConnection(key));
}

/** The same for a page, which has words of its own when there is none. */
export async function findItem(key: ConnectionKey): Promise<ConnectionItem | null> {
  const row = await readConnection(key);
  return row && toldOf(row);
}

/** The row itself, for those who need its keys. Throws `not_found`. */
export async function requireConnection(key: ConnectionKey): Promise<ConnectionRow> {
  const row = await readConnection(key);
  if (!row) throw missing();
  return row;
}

/** Stores a connection and has the worker begin with it. */
export async function createConnection(
  workspace: string,
  wanted: NewConnection,
  now = new Date(),
): Promise<ConnectionItem> {
  const id = newId("conn");
  const none = {
    webhookSecretsSealed: [],
    webhookSecretHints: [],
    webhookSecretTimes: [],
    webhooksSince: null,
  };
  const row = {
    workspace,
    id,
    name: wanted.name,
    baseUrl: await acceptedBaseUrl(wanted.base_url),
    ...(await sealApiKey(id, wanted.api_key)),
    ...(await sealWebhookSecrets(id, wanted.webhook_secrets, none, now)),
    ...(await sealAdminKey(id, wanted.admin_key)),
    readsPerMinute: wanted.reads_per_minute,
    backfillDays: wanted.backfill_days,
    onDelete: wanted.on_delete,
    contentMode: wanted.content_mode,
    createdAt: now,
    updatedAt: now,
  };
  return prisma.$transaction(async (tx) => {
    if ((await countConnections(workspace, tx)) >= MOST_CONNECTIONS)
      throw new AppError(
        "conflict",
        `There are ${MOST_CONNECTIONS} connections; remove one first.`,
      );
    const saved = await saveConnection(tx, row);
    const after = { ...termsOf(saved), ...secretsIn(wanted) };
    await record(tx, workspace, { action: "connection.created", target: saved, after });
    await enqueueStart(tx, { workspace, id });
    return toldOf(saved);
  });
}

/** Changes what is named and leaves the rest. The worker is told of what concerns it. */
export async function changeConnection(
  key: ConnectionKey,
  patch: ConnectionPatch,
  now = new Date(),
): Promise<ConnectionItem> {
  const baseUrl = patch.base_url === undefined ? null : await acceptedBaseUrl(patch.base_url);
  return prisma.$transaction(async (tx) => {
    const row = await lockConnection(tx, key);
    if (!row) throw missing();
    const isElsewhere = baseUrl !== null && baseUrl !== row.baseUrl;
    if (isElsewhere && patch.api_key === undefined)
      throw invalidField(
        "api_key",
        "needed along with another base_url: a stored key is sent only where it was entered for",
      );
    const hasNewAccess = patch.api_key !== undefined || isElsewhere;
    const present = { ...row, state: ConnectionState.parse(row.state) };
    const { isNews, ...progress } = changeOf(present, patch, { hasNewAccess });
    const fields = await fieldsOf(row, patch, now);
    const changes = { ...fields, ...(baseUrl === null ? {} : { baseUrl }), ...progress };
    const saved = await updateConnection(tx, key, { ...changes, updatedAt: now });
    const states = {
      before: termsOf(row),
      after: { ...termsOf(saved ?? row), ...secretsIn(patch) },
    };
    await record(tx, key.workspace, {
      action: "connection.changed",
      target: saved ?? row,
      ...states,
    });
    if (patch.admin_key !== undefined) await makeDue(tx, key, BILLING_WORK);
    if (isNews || patch.admin_key !== undefined) await enqueueStart(tx, key);
    return toldOf(saved);
  });
}

async function fieldsOf(
  row: ConnectionRow,
  patch: ConnectionPatch,
  now: Date,
): Promise<ConnectionChanges> {
  const { name, api_key, admin_key, webhook_secrets } = patch;
  return {
    ...(name === undefined ? {} : { name }),
    ...(patch.reads_per_minute === undefined ? {} : { readsPerMinute: patch.reads_per_minute }),
    ...(patch.backfill_days === undefined ? {} : { backfillDays: patch.backfill_days }),
    ...(patch.on_delete === undefined ? {} : { onDelete: patch.on_delete }),
    ...(patch.content_mode === undefined ? {} : { contentMode: patch.content_mode }),
    ...(patch.interrupts === undefined ? {} : { interrupts: patch.interrupts }),
    ...(patch.interrupts_per_hour === undefined
      ? {}
      : { interruptsPerHour: patch.interrupts_per_hour }),
    ...(api_key === undefined ? {} : await sealApiKey(row.id, api_key)),
    ...(admin_key === undefined ? {} : await sealAdminKey(row.id, admin_key)),
    ...(webhook_secrets === undefined
      ? {}
      : await sealWebhookSecrets(row.id, webhook_secrets, row, now)),
  };
}

/**
 * Its keys are gone with this; its data stays readable, or goes in the background. `beforePurge` throws
 * where it may not go.
 */
export async function removeConnection(
  key: ConnectionKey,
  { data }: RemoveQuery,
  beforePurge: (tx: Db) => Promise<void>,
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const row = await readConnection(key, tx);
    if (row && data === "purge") await beforePurge(tx);
    if (!row || !(await deleteConnection(tx, key))) throw missing();
    const states = { before: termsOf(row), after: { data } };
    await record(tx, key.workspace, { action: "connection.deleted", target: row, ...states });
    if (data === "purge") await enqueue(tx, { task: PURGE_TASK, ...jobOf(key) });
  }, PATIENT);
}

/** What people set of it. */
const termsOf = (row: ConnectionRow) => ({
  ...{ name: row.name, base_url: row.baseUrl, state: row.state },
  ...{ reads_per_minute: row.readsPerMinute, backfill_days: row.backfillDays },
  ...{ on_delete: row.onDelete, interrupts: row.interrupts },
  ...{ interrupts_per_hour: row.interruptsPerHour, content_mode: row.contentMode },
});

/** Keys that were entered: the log says that they were, and leaves out which. */
function secretsIn({ api_key, admin_key, webhook_secrets }: ConnectionPatch) {
  return { api_key, admin_key, webhook_secrets };
}

const enqueueStart = (db: Db, key: ConnectionKey) =>
  enqueue(db, { task: START_TASK, ...jobOf(key) });

/** One waiting job a connection: a later wish takes the place of an earlier. */
const jobOf = ({ workspace, id }: ConnectionKey) => ({
  payload: { workspace, connectionId: id },
  key: `connection:${id}`,
});

/** In its stored form. Throws `invalid` for a form we do not take and an address we may not call. */
export async function acceptedBaseUrl(text: string): Promise<string> {
  const parsed = parseBaseUrl(text);
  if (parsed.kind === "wrong") throw invalidField("base_url", parsed.problem);
  await checkOutboundUrl(parsed.url).catch((error: unknown) => {
    throw error instanceof OutboundError ? invalidField("base_url", error.message) : error;
  });
  return parsed.url;
}

async function itemsOf(rows: ConnectionRow[]): Promise<ConnectionItem[]> {
  const ids = rows.map(({ id }) => id);
  const standings = await readStandings(ids);
  const warnings = await readWarnings(ids, new Date());
  return rows.map((row) => itemOf(row, standings.get(row.id), warnings.get(row.id) ?? []));
}

async function toldOf(row: ConnectionRow | null): Promise<ConnectionItem> {
  const [item] = row === null ? [] : await itemsOf([row]);
  if (!item) throw missing();
  return item;
}
