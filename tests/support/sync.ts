import { setTimeout as sleep } from "node:timers/promises";
import { Logger, parseCrontab, type Runner, run } from "graphile-worker";
import { RHYTHM, type Rhythm } from "@/lib/anthropic/rhythm";
import { tasks } from "@/lib/cli/worker-tasks";
import { pool } from "@/lib/db/client";
import { env } from "@/lib/env";
import type { Snapshot } from "./platform/shapes";

/** Minutes become tenths of seconds, so that a test sees hours of the sync. */
export const QUICK: Rhythm = {
  ...RHYTHM,
  activeMs: 200,
  activeWithWebhooksMs: 2_000,
  settleMs: 600,
  settleLargeMs: 1_500,
  listMs: 150,
  listWithWebhooksMs: 150,
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
export async function until(check: () => Promise<boolean>, limitMs = 30_000): Promise<void> {
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
  const extra = [...stored.keys()].filter((key) => !key.includes("|deleted_"));
  found.push(...extra.map((key) => `event ${key} is nobody's`));
  const { rows: sessions } = await pool().query(
    `select session_id as id, s.status, output_tokens::int as output, st.object ->> 'updated_at' as updated
     from session s join session_state st using (workspace, session_id, connection_id)
     where s.connection_id = $1`,
    [connectionId],
  );
  const known = new Map(sessions.map((row) => [row.id as string, row]));
  for (const session of truth.sessions) {
    const row = known.get(String(session.id));
    const usage = session.usage as { output_tokens?: number } | undefined;
    if (!row) found.push(`session ${session.id} is missing`);
    else if (row.updated !== session.updated_at)
      found.push(`session ${session.id} is an older one`);
    else if (
      // While a session runs the object's own counts lag behind its spans.
      session.status !== "running" &&
      usage?.output_tokens !== undefined &&
      usage.output_tokens !== row.output
    )
      found.push(`session ${session.id}: ${row.output} output tokens, not ${usage.output_tokens}`);
  }
  return found;
}
