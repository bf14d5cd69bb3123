import { describe, expect, test } from "vitest";
import type { JsonObject } from "@/lib/ingest/schema";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  agentOf,
  at,
  CHILD,
  cents,
  evaluationEnd,
  idle,
  inThread,
  modelUsage,
  PRIMARY,
  request,
  requestEnd,
  running,
  session,
  thread,
  usage,
} from "@/tests/support/events";
import { fold, foldBatches } from "@/tests/support/folding";

/** Of a row: uncached input, write 5m, write 1h, cache read, output. */
const buckets = (...[input, write5m, write1h, read, output]: number[]) => ({
  input_tokens: input,
  cache_write_5m_tokens: write5m,
  cache_write_1h_tokens: write1h,
  cache_read_tokens: read,
  output_tokens: output,
});
const snapshot = (fields: JsonObject) => ({
  input_tokens: 100,
  output_tokens: 20,
  cache_read_input_tokens: 3000,
  cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 100 },
  active_seconds: 60,
  list_cost: cents("2"),
  server_tool_use: { web_search_requests: 3, web_fetch_requests: 9 },
  ...fields,
});
const sonnet = (fields = {}) => session({ agent: agentOf("claude-sonnet-5"), ...fields });
const turn = (...items: SoupItem[]) => [running(0), ...items, idle(9)];

describe("five disjoint buckets", () => {
  test("from the newest snapshot", () => {
    const { row } = fold(sonnet(), ...turn(usage(8, snapshot({}))));
    expect(row).toMatchObject({
      ...buckets(100, 400, 100, 3000, 20),
      total_tokens: 3620,
      web_searches: 3,
      active_ms: 60_000,
      list_cost_cents: 2,
    });
  });

  test("from the spans, where no snapshot is: without a split writes are 5m", () => {
    const { row } = fold(sonnet(), ...turn(...request("r", 1, [100, 20, 3000, 500])));
    expect(row).toMatchObject({ ...buckets(100, 500, 0, 3000, 20), list_cost_cents: null });
  });

  test("a snapshot's split is the spans' split", () => {
    const items = [
      ...request("r", 1, [100, 10, 1500, 250]),
      ...request("s", 3, [0, 10, 1500, 250]),
      usage(8, snapshot({})),
    ];
    const { row } = fold(sonnet(), ...turn(...items));
    // Sonnet 5: 2 in, 2.50 and 4 written, 0.20 read, 10 out, per million.
    const tokens_nanos = 100 * 2000 + 400 * 2500 + 100 * 4000 + 3000 * 200 + 20 * 10_000;
    expect(row).toMatchObject({ ...buckets(100, 400, 100, 3000, 20), tokens_nanos });
    expect(row.missing_thread_tokens).toBe(0);
  });

  test("member by member: what the newest leaves out stands from an older one", () => {
    const { row } = fold(
      sonnet(),
      ...turn(
        usage(3, snapshot({ list_cost: cents("1") })),
        usage(8, { input_tokens: 900, active_seconds: 61 }),
      ),
    );
    expect(row).toMatchObject({
      ...buckets(900, 400, 100, 3000, 20),
      active_ms: 61_000,
      list_cost_cents: 1,
    });
  });

  test("and what none gives comes from the spans", () => {
    const { row } = fold(
      sonnet(),
      ...turn(...request("r", 1, [100, 20, 3000, 500]), usage(8, { output_tokens: 25 })),
    );
    expect(row).toMatchObject({ ...buckets(100, 500, 0, 3000, 25), missing_thread_tokens: 5 });
  });

  test.each([
    ["the object's is newer", 30, 777],
    ["the event's is newer", 7, 100],
  ])("object and event: %s", (_, updated, input_tokens) => {
    const object = sonnet({ updated_at: at(updated), usage: { input_tokens: 777 } });
    expect(fold(object, ...turn(usage(8, snapshot({})))).row).toMatchObject({ input_tokens });
  });

  test("of several objects too, member by member, whatever order they come in", () => {
    const { row } = fold(
      sonnet({ updated_at: at(20), usage: { input_tokens: 5, output_tokens: 6 } }),
      sonnet({ updated_at: at(30), usage: { output_tokens: 7 } }),
    );
    expect(row).toMatchObject({ input_tokens: 5, output_tokens: 7 });
  });

  test("while a turn runs the object reads 0 tokens: that is not known, not zero", () => {
    const busy = sonnet({
      status: "running",
      updated_at: at(5),
      usage: snapshot({ input_tokens: 0, output_tokens: 0, active_seconds: 5 }),
    });
    const { row } = fold(busy, running(0), ...request("r", 1, [100, 20]));
    expect(row).toMatchObject({ input_tokens: 100, output_tokens: 20, active_ms: 5000 });
  });

  test("a snapshot may lag spans that have ended: until it settles the larger stands", () => {
    const items = [usage(2, { output_tokens: 20 }), ...request("r", 3, [0, 30])];
    expect(fold(running(0), ...items).row).toMatchObject({ output_tokens: 30 });
    expect(fold(running(0), ...items, idle(9)).row).toMatchObject({ output_tokens: 20 });
  });

  test.each([
    ["negative", { active_seconds: -1, list_cost: cents("-5") }],
    ["absurd", { active_seconds: 1e300, server_tool_use: { web_search_requests: 1e300 } }],
    ["of another type", { active_seconds: "60", list_cost: 12, server_tool_use: [] }],
    ["null", { active_seconds: null, list_cost: null, server_tool_use: null }],
  ])("%s members are left out, never zero", (_, members) => {
    const { row } = fold(sonnet(), ...turn(usage(8, members)));
    expect(row).toMatchObject({ active_ms: 9000, list_cost_cents: null, web_searches: 0 });
  });
});

describe("whose price", () => {
  const opus = "claude-opus-5";
  const haiku = "claude-haiku-4-5";

  test("a child's tokens cost what its own model costs", () => {
    const items = [
      sonnet(),
      thread(CHILD, agentOf(haiku)),
      running(0),
      ...request("p", 1, [100, 10]),
      ...inThread(CHILD, ...request("c", 1, [100, 10])),
      idle(9),
    ];
    expect(fold(...items).row).toMatchObject({
      tokens_nanos: 100 * 2000 + 10 * 10_000 + 100 * 1000 + 10 * 5000,
      input_tokens: 200,
      models: [haiku, "claude-sonnet-5"],
      threads: 2,
    });
  });

  test.each([
    ["as the API's thread object has it", { type: "advisor", model: { id: opus } }],
    ["as a bare name", { type: "advisor", model: opus }],
  ])("an advisor's too, %s", (_, agent) => {
    const items = [sonnet(), thread(CHILD, agent), running(0)].concat(
      inThread(CHILD, ...request("c", 1, [100, 10])),
    );
    expect(fold(...items, idle(9)).row.tokens_nanos).toBe(100 * 5000 + 10 * 25_000);
  });

  test("a thread that is not described runs on the session's model", () => {
    const items = [sonnet(), running(0), ...inThread(CHILD, ...request("c", 1, [100, 10]))];
    expect(fold(...items, idle(9)).row.tokens_nanos).toBe(100 * 2000 + 10 * 10_000);
  });

  test("speed and geography are the thread's own: the session's do not rub off", () => {
    const fast = agentOf({ id: opus, speed: "fast", inference_geo: "us" });
    const items = [
      session({ agent: fast }),
      thread(CHILD, agentOf("claude-sonnet-5")),
      running(0),
      ...request("p", 1, [1000, 0]),
      ...inThread(CHILD, ...request("c", 1, [1000, 0])),
      idle(9),
    ];
    // Opus 5 fast: 10 per million, 1.1× in the US; Sonnet 5 plain: 2.
    expect(fold(...items).row).toMatchObject({
      tokens_nanos: 1000 * 11_000 + 1000 * 2000,
      unpriced_tokens: 0,
    });
  });

  test("the speed a request reports goes before the configured one", () => {
    const plain = requestEnd("p", 2, [], {
      model_usage: { ...modelUsage(1000), speed: "standard" },
    });
    const items = [session({ agent: agentOf({ id: opus, speed: "fast" }) }), running(0), plain];
    expect(fold(...items, idle(9)).row.tokens_nanos).toBe(1000 * 5000);
  });

  test.each([
    ["100,000 prompt tokens", 40_000, 40_000 * 100 + 50_000 * 10 + 10_000 * 125],
    ["one more", 40_001, 40_001 * 500 + 50_000 * 50 + 10_000 * 625],
  ])("the prompt's size decides request by request: %s", (_, input, tokens_nanos) => {
    const items = [session({ agent: agentOf("claude-haiku-5-5") }), running(0)];
    const requests = [...request("r", 1, [input, 0, 50_000, 10_000])];
    expect(fold(...items, ...requests, idle(9)).row.tokens_nanos).toBe(tokens_nanos);
  });

  test("an unheard-of model's tokens are unpriced, never free, and the list cost is shown", () => {
    const items = [
      session({ agent: agentOf("claude-novel-9") }),
      running(0),
      ...request("r", 1, [100, 20, 3000, 500]),
    ];
    const { row } = fold(...items, idle(9));
    expect(row).toMatchObject({ tokens_nanos: 0, unpriced_tokens: 3620 });
    const listed = fold(...items, usage(8, snapshot({})), idle(9)).row;
    expect(listed).toMatchObject({ list_cost_cents: 2, drift_causes: ["unknown_model"] });
  });

  test("a grader's tokens count, and their unknown model is a cause of drift", () => {
    const graded = evaluationEnd("e", 8, "satisfied", { usage: modelUsage(1_000_000) });
    const listed = usage(8.5, {
      input_tokens: 1_000_000,
      active_seconds: 0,
      list_cost: cents("500"),
    });
    const { row } = fold(sonnet(), ...turn(graded, listed));
    expect(row).toMatchObject({ input_tokens: 1_000_000, drift_causes: ["grader_model"] });
  });
});

describe("runtime, searches and the list cost", () => {
  test("the session's cost is tokens, session-hours and searches", () => {
    const members = snapshot({ active_seconds: 3600, list_cost: cents("12") });
    const { row } = fold(sonnet(), ...turn(usage(8, members)));
    const tokens = 100 * 2000 + 400 * 2500 + 100 * 4000 + 3000 * 200 + 20 * 10_000;
    const computed = tokens + 80_000_000 + 30_000_000;
    expect(row).toMatchObject({
      tokens_nanos: tokens,
      runtime_nanos: 80_000_000,
      web_search_nanos: 30_000_000,
      computed_nanos: computed,
      drift_nanos: computed - 120_000_000,
    });
    expect(row.price_book).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  test("without active_seconds the derived time is priced", () => {
    expect(fold(sonnet(), running(0), idle(3600)).row).toMatchObject({ runtime_nanos: 80_000_000 });
  });

  test("loops of the team's own pay no session-hours", () => {
    const { row } = foldBatches([[sonnet(), running(0), idle(3600)]], "sdk");
    expect(row).toMatchObject({ runtime_nanos: 0, active_ms: 3_600_000 });
  });

  test("tokens of a thread that is not here are priced at the session's model and marked", () => {
    const listed = usage(8, {
      input_tokens: 1_000_000,
      active_seconds: 0,
      list_cost: cents("500"),
    });
    const { row } = fold(
      sonnet(),
      thread(PRIMARY, agentOf("claude-sonnet-5")),
      ...turn(...request("r", 1, [400_000, 0]), listed),
    );
    expect(row).toMatchObject({
      missing_thread_tokens: 600_000,
      tokens_nanos: 1_000_000 * 2000,
      drift_nanos: 2_000_000_000 - 5_000_000_000,
      drift_causes: ["missing_thread"],
      threads: 1,
    });
  });
});
