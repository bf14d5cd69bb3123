import { type Db, prisma } from "@/lib/db/client";
import type { Origin, RawItem } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { fingerprint } from "./fingerprint";
import { objectOf } from "./platform/entries";
import type { Snapshot } from "./platform/shapes";

const BATCH = 2_000;

/**
 * How what a connection has brought into the workspace `default` differs from what the platform's
 * truth leaves when it is taken in at once: sessions, threads, events, spans, usage and cost, to the
 * last column. Sessions that the platform has deleted are left out, and the thread object of one that
 * works alone, unless somebody has asked for it: it tells nothing of its own, so only a session that
 * is read whole once more has it.
 */
export async function differencesFromReference(
  truth: Snapshot,
  connectionId: string,
): Promise<string[]> {
  // What is here and what was asked for are of one moment: the connector goes on reading.
  const { actual, asked } = await prisma.$transaction(
    async (tx) => ({
      actual: await fingerprint(tx, "default"),
      asked: await askedOf(tx, connectionId),
    }),
    { isolationLevel: "RepeatableRead", timeout: 60_000 },
  );
  await takeTruth(truth, asked, { workspace: "reference", connectionId, source: "poll" });
  const expected = await fingerprint(prisma, "reference");
  const isDeleted = (row: string) => truth.deletedSessions.some((id) => row.includes(id));
  return Object.keys(expected).flatMap((table) => {
    const left = new Set((actual[table] ?? []).filter((row) => !isDeleted(row)));
    const missing = (expected[table] ?? []).filter((row) => !left.delete(row));
    const told = (how: string, row: string) => `${table} ${how} ${row.slice(0, 2_000)}`;
    return [
      ...missing.map((row) => told("misses", row)),
      ...[...left].map((row) => told("has", row)),
    ];
  });
}

async function takeTruth(truth: Snapshot, asked: readonly string[], origin: Origin): Promise<void> {
  const items: RawItem[] = [];
  const add = (kind: RawItem["kind"], sessionId: unknown, threadId: unknown, data: unknown) =>
    items.push({ index: items.length % BATCH, kind, sessionId, threadId, data });
  for (const session of truth.sessions) add("session", session.id, null, session);
  const children = truth.threads.filter(({ parent_thread_id }) => parent_thread_id !== null);
  const parents = new Set<unknown>(children.map(({ session_id }) => session_id));
  for (const { id, agent } of truth.sessions)
    if (objectOf(agent).multiagent != null) parents.add(id);
  for (const id of asked) parents.add(id);
  for (const thread of truth.threads)
    if (parents.has(thread.session_id)) add("thread", thread.session_id, null, thread);
  for (const { session_id, session_thread_id, event } of truth.events)
    add("event", session_id, session_thread_id, event);
  for (let from = 0; from < items.length; from += BATCH) {
    const { rejected } = await acceptItems(origin, items.slice(from, from + BATCH), [], new Date());
    if (rejected.length > 0) throw new Error(JSON.stringify(rejected[0]));
  }
}

/** The sessions whose thread objects were read. */
async function askedOf(db: Db, connectionId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    select distinct session_id as id from thread
    where workspace = 'default' and connection_id = ${connectionId} and object is not null`;
  return rows.map(({ id }) => id);
}
