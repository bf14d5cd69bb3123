import { expect } from "vitest";
import { pool, prisma } from "@/lib/db/client";
import { makeDay } from "@/lib/ingest/day-store";
import { acceptItems } from "@/lib/ingest/service";
import { type Difference, verifyWorkspace } from "@/lib/ingest/verify-service";
import { addUp } from "@/lib/metrics/rollup-service";
import { applyRetention, askForRun } from "@/lib/retention/run-service";
import {
  FOR_EVER,
  type OwnPolicy,
  type RetentionPolicy,
  type RetentionRunItem,
} from "@/lib/retention/schema";
import { changeRetention, readRetention } from "@/lib/retention/settings-service";
import type { SoupItem } from "./event-soup";

type Of = { workspace?: string; connectionId?: string; now: Date };

/** Makes a day's partitions again: a test that dropped them shares its days with the next. */
export const makeAgain = (now: Date) =>
  prisma.$transaction((tx) => makeDay(tx, now.toISOString().slice(0, 10)));

/** Sends items of one session in; answers with what became of them. */
export async function send(sessionId: string, items: readonly SoupItem[], of: Of) {
  const { workspace = "default", connectionId = "", now } = of;
  await makeAgain(now);
  const raw = items.map((item, index) => ({ ...item, index, sessionId }));
  return acceptItems({ workspace, connectionId, source: "push" }, raw, [], now);
}

export type Keeping = Partial<RetentionPolicy>;

export async function keep(
  policy: Keeping,
  { workspace = "default", pushed = {}, connections = {} }: Own = {},
): Promise<void> {
  const { revision } = await readRetention(workspace);
  const whole = { ...FOR_EVER, ...policy };
  await changeRetention(workspace, { based_on: revision, default: whole, pushed, connections });
}
type Own = { workspace?: string; pushed?: OwnPolicy; connections?: Record<string, OwnPolicy> };

/** Retention from its beginning to its end, as the worker does it. */
export async function retain(now: Date, workspace = "default"): Promise<RetentionRunItem> {
  const { id } = await askForRun(workspace, "test", now);
  await applyRetention(() => now);
  const { runs } = await readRetention(workspace, now);
  const run = runs.find((one) => one.id === id);
  expect(run).toMatchObject({ state: "done" });
  return run as RetentionRunItem;
}

/** Everything that rollups hold and that is still to be added to them, as text; sums of nothing left out. */
export async function totalsOf(workspace = "default"): Promise<string[]> {
  while ((await addUp(new Date("2026-11-20T12:00:00Z"))) > 0);
  const { rows } = await pool().query<{ row: string }>(
    `select to_jsonb(r)::text as row from rollup r
     where workspace = $1 and family not in ('arrival', 'read')
       and (count, failed, denied, ms, nanos, input_tokens, cache_write_5m_tokens,
         cache_write_1h_tokens, cache_read_tokens, output_tokens, unpriced_tokens)
         <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) order by 1`,
    [workspace],
  );
  return rows.map(({ row }) => row);
}

export async function differences(workspace = "default"): Promise<Difference[]> {
  const found: Difference[] = [];
  await verifyWorkspace(workspace, (difference) => found.push(difference));
  return found;
}

/** Rows of a session by table; tables without any are left out. */
export async function rowsOf(
  sessionId: string,
  tables = ["session", "event", "span", "message_text", "thread", "session_state", "session_cell"],
): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await pool().query(
      `select count(*)::int as n from "${table}" where session_id = $1`,
      [sessionId],
    );
    if (rows[0].n > 0) found[table] = rows[0].n;
  }
  return found;
}
