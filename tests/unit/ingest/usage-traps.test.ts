import { expect, test } from "vitest";
import type { SessionWork } from "@/lib/ingest/arrival-service";
import type { JsonObject } from "@/lib/ingest/schema";
import { agentConfigs } from "@/lib/ingest/session-object";
import {
  agentOf,
  at,
  budgetOf,
  CHILD,
  cents,
  event,
  idle,
  inThread,
  PRIMARY,
  request,
  running,
  session,
  thread,
  usage,
} from "@/tests/support/events";
import { fold } from "@/tests/support/folding";

// The traps of reference §15 about usage and cost, by their numbers.

test("trap 32: session.usage is cumulative and never summed; between idles the object is fresher", () => {
  const grows = [
    usage(1, { input_tokens: 100, output_tokens: 5, list_cost: cents("1"), active_seconds: 1 }),
    usage(2, { input_tokens: 250, output_tokens: 9, list_cost: cents("2"), active_seconds: 3 }),
    usage(3, { input_tokens: 250, output_tokens: 9, list_cost: cents("2"), active_seconds: 4 }),
  ];
  const { row } = fold(running(0), ...grows, idle(9));
  expect(row).toMatchObject({
    input_tokens: 250,
    output_tokens: 9,
    list_cost_cents: 2,
    active_ms: 4000,
  });
  const fresher = session({
    status: "running",
    updated_at: at(3600),
    usage: { input_tokens: 0, output_tokens: 0, active_seconds: 3600 },
  });
  expect(fold(running(0), ...grows, fresher).row).toMatchObject({
    input_tokens: 250,
    output_tokens: 9,
    active_ms: 3_600_000,
  });
});

test.each([
  ["absent", {}],
  ["null", { list_cost: null, cache_creation: null, server_tool_use: null, active_seconds: null }],
])(
  "trap 33: usage members may be %s: no list cost is not $0, and ours is computed",
  (_, members) => {
    const items = [
      session(),
      running(0),
      ...request("r", 1, [100, 10]),
      usage(4, members),
      idle(5),
    ];
    expect(fold(...items).row).toMatchObject({
      list_cost_cents: null,
      drift_nanos: null,
      drift_causes: [],
      tokens_nanos: 100 * 2000 + 10 * 10_000,
      active_ms: 5000,
      web_searches: 0,
    });
  },
);

test("trap 34: cents are whole numbers in a text; anything else is no list cost", () => {
  const centsOf = (list_cost: unknown) => fold(usage(1, { list_cost })).row.list_cost_cents;
  expect(centsOf(cents("187"))).toBe(187);
  expect(centsOf(cents("0187"))).toBe(187);
  for (const amount of ["25.00", "1e3", "-1", "", " 1", "9".repeat(20)])
    expect(centsOf(cents(amount))).toBeNull();
  expect(centsOf({ amount: 187, currency: "USD" })).toBeNull();
  expect(fold(session({ budget: budgetOf("50.5") })).row.budget_cents).toBeNull();
});

test("trap 35: a list cost of 0 cents is known; the exact cost stands beside it, the rest is rounding", () => {
  const items = [session(), running(0), ...request("r", 1, [400, 10])];
  const listed = usage(2, { list_cost: cents("0"), active_seconds: 0 });
  expect(fold(...items, listed, idle(5)).row).toMatchObject({
    list_cost_cents: 0,
    computed_nanos: 900_000,
    drift_nanos: 900_000,
    drift_causes: ["rounding"],
  });
});

test("trap 36: threads' list costs leave out runtime and are no part of the session's", () => {
  const usageOf = (amount: string) => ({ usage: { input_tokens: 9, list_cost: cents(amount) } });
  const { row } = fold(
    ...[session(), thread(PRIMARY, agentOf("claude-sonnet-5"), usageOf("40"))],
    ...[thread(CHILD, agentOf("claude-sonnet-5"), usageOf("30")), running(0)],
    ...[usage(4, { input_tokens: 20, list_cost: cents("71") }), idle(5)],
  );
  expect(row).toMatchObject({ list_cost_cents: 71, input_tokens: 20, threads: 2 });
});

test("trap 37: runtime is usage.active_seconds; stats are neither billed nor shown for it", () => {
  const object = session({
    updated_at: at(900),
    stats: { active_seconds: 500, duration_seconds: 910 },
    usage: { active_seconds: 58.9 },
  });
  expect(fold(object, running(0), idle(5)).row).toMatchObject({
    active_ms: 58_900,
    runtime_nanos: Math.round((58.9 / 3600) * 80_000_000),
    duration_ms: 15_000,
  });
});

test("trap 38: model, geography and tier are the thread's and the request's; the split is the session's", () => {
  const items = [
    session({ agent: agentOf({ id: "claude-haiku-5-5", inference_geo: "us" }) }),
    thread(CHILD, { type: "advisor", model: { id: "claude-opus-5" } }),
    running(0),
    ...request("small", 1, [100, 0]),
    ...request("large", 3, [1, 0, 100_000, 0]),
    ...inThread(CHILD, ...request("advice", 5, [100, 10])),
    ...request("writes", 6, [0, 0, 0, 1000]),
    usage(8, {
      cache_creation: { ephemeral_5m_input_tokens: 750, ephemeral_1h_input_tokens: 250 },
    }),
    idle(9),
  ];
  const large = 1 * 500 + 100_000 * 50;
  const writes = 750 * 125 + 250 * 200;
  const own = (100 * 100 + large + writes) * 1.1;
  expect(fold(...items).row).toMatchObject({
    tokens_nanos: own + 100 * 5000 + 10 * 25_000,
    unpriced_tokens: 0,
    cache_write_5m_tokens: 750,
    cache_write_1h_tokens: 250,
  });
});

test("trap 39: a thread's usage and stats are null at first, and no figure comes from them", () => {
  const young = thread(CHILD, agentOf("claude-haiku-4-5"), { usage: null, stats: null });
  const { row } = fold(
    session(),
    young,
    running(0),
    ...inThread(CHILD, ...request("c", 1, [9, 1])),
  );
  expect(row).toMatchObject({ threads: 2, input_tokens: 9, output_tokens: 1, active_ms: 0 });
});

test("trap 40: a cost a little above the budget is no error", () => {
  const { row } = fold(
    session({ budget: budgetOf("50") }),
    ...[running(0), usage(4, { list_cost: cents("53") }), idle(5, "budget_reached")],
  );
  expect(row).toMatchObject({
    outcome: "budget_paused",
    failed: false,
    errors: [],
    budget_cents: 50,
    list_cost_cents: 53,
  });
});

test("trap 41: overrides keep the agent's id and version: its configuration has a hash of its own", () => {
  const work = (agent: JsonObject) => ({ object: { agent }, facts: {} }) as unknown as SessionWork;
  const base = agentOf("claude-sonnet-5", { tools: [{ name: "bash" }], system: "Be brief." });
  const configs = agentConfigs([
    work(base),
    work({ ...base, description: "described otherwise" }),
    work({ ...base, tools: [] }),
    work({ ...base, model: { id: "claude-opus-5" } }),
  ]);
  expect(configs.map(({ agentId, version }) => [agentId, version])).toEqual(
    new Array(3).fill(["agent_A", "3"]),
  );
  expect(new Set(configs.map(({ configHash }) => configHash)).size).toBe(3);
  const changed = event("session.updated", 3, { agent: { ...base, tools: [] } });
  const { row, events } = fold(session({ agent: base }), running(0), changed);
  expect(row).toMatchObject({ agent_id: "agent_A", agent_version: "3" });
  expect(events.at(-1)?.payload).toEqual(changed.data);
});
