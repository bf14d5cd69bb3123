import { describe, expect, test } from "vitest";
import type { JsonObject } from "@/lib/ingest/schema";
import type { SoupItem } from "@/tests/support/event-soup";
import { type FoldedSession, fold } from "@/tests/support/folding";
import { DC_07, HP_05, HP_05_CHILD, recordedItems } from "@/tests/support/recorded";

/**
 * Figures read off the recordings by hand (tests/data/managed-agents). Both ran on
 * claude-haiku-4-5: 1 dollar in, 1.25 written for 5 minutes, 5 out, per million tokens.
 */
const cost = ({ row }: FoldedSession) => ({
  tokens: row.tokens_nanos,
  runtime: row.runtime_nanos,
  computed: row.computed_nanos,
  list_cents: row.list_cost_cents,
  drift: row.drift_nanos,
  causes: row.drift_causes,
});
const extent = ({ spans }: FoldedSession, id: string) => {
  const span = Object.values(spans).find((one) => one.id.endsWith(id));
  const secondsOf = (us: number | null | undefined) =>
    us == null ? null : (us % 60_000_000) / 1e6;
  return [span?.threadId, secondsOf(span?.startedUs), secondsOf(span?.endedUs)];
};
const without = (items: SoupItem[], drop: (item: SoupItem) => boolean) =>
  items.filter((item) => !drop(item));
const noActiveSeconds = (item: SoupItem): SoupItem => {
  const data = item.data as JsonObject;
  if (data.type !== "session.usage") return item;
  const { active_seconds, ...usage } = data.usage as JsonObject;
  return { ...item, data: { ...data, usage } };
};

describe("hp-05: a coordinator, one child, custom tools answered for the child", () => {
  const items = recordedItems(HP_05);
  const ofChild = (item: SoupItem) => item.kind === "thread" || item.threadId === HP_05_CHILD;
  const whole = fold(...items);
  const primaryOnly = fold(...without(items, ofChild));

  test("with the child's list: everything is covered by spans", () => {
    expect(whole.row).toMatchObject({
      outcome: "completed",
      outcome_detail: null,
      status: "idle",
      title: "hp-05 coordinator",
      started_at: "2026-09-05T04:01:25.000000Z",
      settled_at: "2026-09-05T04:01:44.396216Z",
      last_event_at: "2026-09-05T04:01:44.396216Z",
      duration_ms: 19_396,
      active_ms: 17_401,
      events: 49 + 23,
      turns: 4,
      threads: 2,
      model_requests: 3 + 4,
      tool_calls: 2,
      tool_errors: 0,
      tools: ["catalog_lookup", "draft_requisition"],
      models: ["claude-haiku-4-5"],
      errors: [],
      input_tokens: 20_474,
      output_tokens: 1291,
      cache_read_tokens: 0,
      cache_write_5m_tokens: 0,
      cache_write_1h_tokens: 0,
      missing_thread_tokens: 0,
      unpriced_tokens: 0,
      web_searches: 0,
      budget_cents: 50,
      metadata: { case: "hp-05" },
    });
  });

  // 20,474 × $1 + 1,291 × $5 per million; 17.401 s × $0.08 an hour; the list says 3 cents.
  const figures = {
    tokens: 20_474_000 + 6_455_000,
    runtime: 386_689,
    computed: 27_315_689,
    list_cents: 3,
    drift: -2_684_311,
    causes: ["rounding"],
  };
  test("its cost", () => expect(cost(whole)).toEqual(figures));

  /**
   * Asked 33.716637, 34.423349, 36.746955 and 37.477353; ran again 34.170924, 37.240561 and
   * 39.857560. The calls were answered 34.255878 and 37.321203: the second and the fourth idle
   * name what is answered already.
   */
  test("its waits", () => {
    expect(whole.row.waiting_ms).toBe(Math.round(454.287 + 0 + 493.606 + 0));
  });

  test("its calls are the child's own, not the session's copies", () => {
    expect(extent(whole, "NU3D9D")).toEqual([HP_05_CHILD, 33.131723, 34.255878]);
    expect(extent(whole, "SEkfJM")).toEqual([HP_05_CHILD, 36.218195, 37.321203]);
    const calls = Object.values(whole.spans).filter((span) => span.kind === "tool");
    expect(calls.map((span) => span.attributes.cross_posted)).toEqual([undefined, undefined]);
  });

  test("without active_seconds: the child works on while the session says idle", () => {
    // Session 7.967304 + .252425 + .236792 + 4.538656 s; the child alone 1.850264 + 2.380207 s.
    const { row } = fold(...items.map(noActiveSeconds));
    expect(row.active_ms).toBe(Math.round(12_995.177 + 1850.264 + 2380.207));
  });

  test("without the child's list: its tokens are the snapshot's, its calls the copies", () => {
    expect(primaryOnly.row).toMatchObject({
      outcome: "completed",
      events: 49,
      turns: 4,
      threads: 2,
      model_requests: 3,
      tool_calls: 2,
      input_tokens: 20_474,
      output_tokens: 1291,
      missing_thread_tokens: 20_474 - 10_373 + 1291 - 744,
      active_ms: 17_401,
    });
    expect(cost(primaryOnly)).toEqual(figures);
    // The copies of the answers have no time: the calls are answered, nobody knows when.
    expect(extent(primaryOnly, "NU3D9D")).toEqual([HP_05_CHILD, 33.380751, null]);
    const call = Object.values(primaryOnly.spans).find((span) => span.id.endsWith("NU3D9D"));
    expect(call).toMatchObject({ state: "ok", attributes: { cross_posted: true } });
  });

  test("without the child's list a wait lasts to the next running", () => {
    expect(primaryOnly.row.waiting_ms).toBe(Math.round(454.287 + 2817.212 + 2380.207));
  });

  test("the child's list alone: its figures, and no turn of the session", () => {
    const { row } = fold(...items.filter((item) => item.threadId === HP_05_CHILD));
    expect(row).toMatchObject({
      events: 23,
      turns: 0,
      threads: 2,
      model_requests: 4,
      tool_calls: 2,
      input_tokens: 10_101,
      output_tokens: 547,
      unpriced_tokens: 10_648,
      outcome: "unknown",
    });
  });
});

describe("dc-07: one agent, parallel custom calls, a cache write", () => {
  const items = recordedItems(DC_07);
  const whole = fold(...items);

  test("its figures", () => {
    expect(whole.row).toMatchObject({
      outcome: "completed",
      status: "idle",
      started_at: "2026-09-05T03:32:53.000000Z",
      settled_at: "2026-09-05T03:33:07.137132Z",
      duration_ms: 14_137,
      active_ms: 12_755,
      events: 48,
      turns: 4,
      threads: 1,
      model_requests: 4,
      tool_calls: 1 + 2 + 4,
      tool_errors: 0,
      tools: ["catalog_lookup", "draft_requisition", "supplier_check", "threshold_policy"],
      input_tokens: 7374,
      cache_write_5m_tokens: 4150,
      cache_write_1h_tokens: 0,
      cache_read_tokens: 0,
      output_tokens: 1179,
      missing_thread_tokens: 0,
      budget_cents: 50,
    });
  });

  test("its cost", () => {
    expect(cost(whole)).toEqual({
      tokens: 7_374_000 + 4150 * 1250 + 5_895_000,
      runtime: 283_444,
      computed: 18_739_944,
      list_cents: 2,
      drift: -1_260_056,
      causes: ["rounding"],
    });
  });

  test("its waits: each to the last answer of the calls asked for", () => {
    expect(whole.row.waiting_ms).toBe(Math.round(213.364 + 319.294 + 568.614));
  });

  test("without active_seconds: the session's running intervals", () => {
    const { row } = fold(...items.map(noActiveSeconds));
    expect(row.active_ms).toBe(Math.round(2595.094 + 1327.917 + 5195.009 + 3306.028));
  });

  test("without a session object: no model, so unpriced tokens beside the list cost", () => {
    const events = fold(...items.filter((item) => item.kind === "event"));
    expect(events.row).toMatchObject({
      model: null,
      models: [],
      title: null,
      unpriced_tokens: 7374 + 4150 + 1179,
      budget_cents: 50,
    });
    expect(cost(events)).toEqual({
      tokens: 0,
      runtime: 283_444,
      computed: 283_444,
      list_cents: 2,
      drift: 283_444 - 20_000_000,
      causes: ["unknown_model"],
    });
  });
});
