import { setTimeout as sleep } from "node:timers/promises";
import { Logger, parseCrontab, type Runner, run } from "graphile-worker";
import { RHYTHM, type Rhythm } from "@/lib/anthropic/rhythm";
import { tasks } from "@/lib/cli/worker-tasks";
import { pool } from "@/lib/db/client";
import { env } from "@/lib/env";
import { objectOf } from "./platform/entries";
import type { JsonObject, Snapshot } from "./platform/shapes";

/** Minutes become tenths of seconds, so that a test sees hours of the sync. */
export const QUICK: Rhythm = {
  ...RHYTHM,
  activeMs: 200,
  activeWithWebhooksMs: 2_000,
  settleMs: 600,
  settleLargeMs: 1_500,
  listMs: 150,
  listWithWebhooksMs: 150,
  leaseMs: 1_500,
  retryMs: 100,
  retryMostMs: 1_000,
  retryOutageMs: 500,
  relistMs: 0,
};

/** The worker of this process, with the product's own tasks. */
export async function startWorker(rhythm: Partial<Rhythm> = QUICK): Promise<Runner> {
  Object.assign(RHYTHM, rhythm);
  return run({
    connectionString: env.DATABASE_URL ?? "",
    taskList: tasks,
    parsedCronItems: parseCrontab(""),
    concurrency: 8,
    maxPoolSize: 5,
    pollInterval: 100,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
  });
}

/** Waits until `check` holds; its last answer or error is told when it does not in time. */
export async function until(check: () => Promise<boolean>, limitMs = 75_000): Promise<void> {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(100))
    if (await check()) return;
  throw new Error(`It did not come true within ${limitMs} ms.`);
}

/** How the database differs from the platform's truth, in words; empty when it is all there and the same. */
export async function differences(truth: Snapshot, connectionId: string): Promise<string[]> {
  const { rows: events } = await pool().query<{ key: string; at: string | null }>(
    `select session_id || '|' || thread_id || '|' || id as key, payload ->> 'processed_at' as at
     from event where connection_id = $1`,
    [connectionId],
  );
  const stored = new Map(events.map(({ key, at }) => [key, at]));
  const found: string[] = [];
  const primary = new Set(
    truth.threads.filter((t) => t.parent_thread_id === null).map((t) => String(t.id)),
  );
  for (const { session_id, session_thread_id, event } of truth.events) {
    const thread = primary.has(session_thread_id ?? "") ? "" : (session_thread_id ?? "");
    const key = `${session_id}|${thread}|${event.id}`;
    const at = stored.get(key);
    if (at === undefined) found.push(`event ${key} is missing`);
    else if (at !== (event.processed_at ?? null)) found.push(`event ${key} has another time`);
    stored.delete(key);
  }
  // What the platform has deleted stays here.
  const deleted = new Set(truth.deletedSessions);
  const extra = [...stored.keys()].filter((key) => !deleted.has(key.slice(0, key.indexOf("|"))));
  found.push(...extra.map((key) => `event ${key} is nobody's`));
  const { rows: sessions } = await pool().query(
    `select session_id as id, st.object ->> 'updated_at' as updated,
       input_tokens::int, cache_read_tokens::int, cache_write_5m_tokens::int,
       cache_write_1h_tokens::int, output_tokens::int, list_cost_cents::int
     from session s join session_state st using (workspace, session_id, connection_id)
     where s.connection_id = $1`,
    [connectionId],
  );
  const known = new Map(sessions.map((row) => [row.id as string, row]));
  for (const session of truth.sessions) {
    const row = known.get(String(session.id));
    if (!row) found.push(`session ${session.id} is missing`);
    else if (row.updated !== session.updated_at)
      found.push(`session ${session.id} is an older one`);
    // While a session runs the object's own counts lag behind its spans.
    else if (session.status !== "running")
      for (const [column, count] of Object.entries(usageOf(session)))
        if (count !== undefined && Number(count) !== row[column])
          found.push(`session ${session.id}: ${column} is ${row[column]}, not ${count}`);
  }
  return found;
}

/** The usage that a session object states, by our columns. */
function usageOf(session: JsonObject): Record<string, unknown> {
  const usage = objectOf(session.usage);
  const written = objectOf(usage.cache_creation);
  return {
    input_tokens: usage.input_tokens,
    cache_read_tokens: usage.cache_read_input_tokens,
    cache_write_5m_tokens: written.ephemeral_5m_input_tokens,
    cache_write_1h_tokens: written.ephemeral_1h_input_tokens,
    output_tokens: usage.output_tokens,
    list_cost_cents: objectOf(usage.list_cost).amount,
  };
}
