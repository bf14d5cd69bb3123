import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { DRIFT_CAUSES } from "@/lib/costs/drift-causes";
import { ReconcileQuery, ReconcileSessionsQuery } from "@/lib/costs/reconcile-schema";
import { readReconcileSessions } from "@/lib/costs/reconcile-sessions-store";
import { readReconcile } from "@/lib/costs/reconcile-store";
import { pool } from "@/lib/db/client";
import { truncateAll } from "@/tests/support/database";
import { runs } from "@/tests/support/runs";

beforeAll(() => truncateAll());

const row = fc.record({
  agent: fc.constantFrom("a", "b", "c", null),
  cents: fc.option(fc.nat({ max: 500 }), { nil: null }),
  computed: fc.nat({ max: 5_000_000_000 }),
  causes: fc.subarray([...DRIFT_CAUSES]),
  input: fc.nat({ max: 1000 }),
  span: fc.nat({ max: 1000 }),
  told: fc.boolean(),
});

type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

async function fill(rows: Row[]): Promise<void> {
  await pool().query("delete from session");
  const stored = rows.map(({ cents, ...rest }, index) => ({
    ...rest,
    id: `s${index}`,
    cents,
    drift: cents === null ? null : rest.computed - cents * 1e7,
    gap: rest.told ? Math.abs(rest.input - rest.span) : 0,
  }));
  await pool().query(
    `insert into session (workspace, session_id, day, source, outcome, settled_at, agent_id,
       list_cost_cents, computed_nanos, drift_nanos, drift_causes, input_tokens, span_input_tokens,
       token_gap, usage_at)
     select 'default', id, '2026-11-01', 'push', 'completed', '2026-11-01', agent, cents, computed,
       drift, array(select jsonb_array_elements_text(causes)), input, span, gap,
       case when told then timestamptz '2026-11-01' end
     from jsonb_to_recordset($1) as r(id text, agent text, cents bigint, computed bigint,
       drift bigint, causes jsonb, input bigint, span bigint, gap bigint, told boolean)`,
    [JSON.stringify(stored)],
  );
}

it("sums are the same by cause, by agent, session by session and in the totals", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 25 }), async (rows) => {
      await fill(rows);
      const [cause, agent] = await Promise.all(
        (["cause", "agent"] as const).map((by) =>
          readReconcile("default", ReconcileQuery.parse({ by })),
        ),
      );
      const { data } = await readReconcileSessions(
        "default",
        ReconcileSessionsQuery.parse({ limit: 200 }),
      );
      const totals = cause?.totals;
      for (const name of ["computed_nanos", "list_nanos", "drift_nanos"] as const) {
        const sum = (items: readonly { [key in typeof name]: number | null }[] = []) =>
          items.reduce((total, item) => total + (item[name] ?? 0), 0);
        expect([sum(cause?.data), sum(agent?.data), sum(data)]).toEqual(
          Array(3).fill(totals?.[name]),
        );
      }
      const count = (groups: readonly { sessions: number }[] = []) =>
        groups.reduce((total, { sessions }) => total + sessions, 0);
      expect([count(cause?.data), count(agent?.data), data.length]).toEqual(
        Array(3).fill(totals?.sessions),
      );
      expect(data.length + (cause?.without_list_cost.sessions ?? 0)).toBe(rows.length);
      const told = rows.filter((each) => each.told);
      expect(cause?.tokens.usage.input_tokens).toBe(
        told.reduce((sum, each) => sum + each.input, 0),
      );
      expect(cause?.tokens.spans.input_tokens).toBe(told.reduce((sum, each) => sum + each.span, 0));
    }),
    { numRuns: runs(40) },
  );
});
