import { describe, expect, it } from "vitest";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { settledCells } from "@/lib/metrics/cells";
import { addSpan } from "@/lib/metrics/contribution";
import { observed } from "@/lib/metrics/histogram";
import type { Cell, SpanFacts, SpanPricing } from "@/lib/metrics/schema";
import { type SessionFacts, wholeSession } from "@/lib/metrics/session-cells";

const MINUTE = 60_000_000;
const own = (model: string | null) => ({ model, geo: null, speed: null });
const pricing: SpanPricing = {
  session: own("claude-sonnet-5"),
  threads: new Map([
    ["child", own("claude-haiku-4-5")],
    ["opus", own("claude-opus-5-5")],
  ]),
  runtimeBilled: true,
  book: PRICE_BOOK,
};
const blank: SpanFacts = {
  kind: "",
  threadId: "",
  name: "",
  startedUs: null,
  endedUs: null,
  state: "ok",
  tokens: null,
  startEventId: "e",
  attributes: {},
};

function cellsOf(span: Partial<SpanFacts>, signs: ReadonlyArray<1 | -1> = [1]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const sign of signs) addSpan(cells, { ...blank, ...span }, pricing, sign);
  return settledCells(cells.values());
}
const cell = (
  minute: number,
  family: Cell["family"],
  key: string,
  measures: Cell["measures"],
  ...durations: number[]
): Cell => ({
  minute,
  family,
  key,
  measures,
  observations: durations.map((ms) => observed(ms, 1)),
});

const tokens = { input: 1000, cacheWrite: 100, cacheRead: 10, output: 10 };
// $2 input, $2.50 five-minute writes, $0.20 reads, $10 output a million.
const REQUEST_NANOS = 2_000_000 + 250_000 + 2_000 + 100_000;

describe("what a span gives", () => {
  const turn = { kind: "turn", startedUs: 0, endedUs: 90_000_000 };
  const end = (stop_reason: string, more = {}) => ({
    ...turn,
    attributes: { stop_reason, ...more },
  });
  it.each<[string, Partial<SpanFacts>, Cell[]]>([
    [
      "what the cache had not kept, at the request that wrote it again, at its model's prices",
      {
        kind: "expiry",
        startedUs: 0,
        endedUs: 400_000_000,
        tokens: { input: 0, cacheWrite: 1000, cacheRead: 0, output: 0 },
      },
      // $2.50 for writing a million instead of $0.20 for reading it.
      [
        cell(6, "expired", "claude-sonnet-5", {
          count: 1,
          nanos: 2_300_000,
          cache_write_5m_tokens: 1000,
        }),
      ],
    ],
    [
      "what the cache had not kept of a request that ran fast",
      {
        kind: "expiry",
        threadId: "opus",
        startedUs: 0,
        endedUs: 400_000_000,
        tokens: { input: 0, cacheWrite: 1000, cacheRead: 0, output: 0 },
        attributes: { speed: "fast" },
      },
      // $10 for writing a million instead of $0.40 for reading it.
      [
        cell(6, "expired", "claude-opus-5-5", {
          count: 1,
          nanos: 9_600_000,
          cache_write_5m_tokens: 1000,
        }),
      ],
    ],
    [
      "the same after more than an hour, for which nothing would have kept it",
      {
        kind: "expiry",
        startedUs: 0,
        endedUs: 4_000_000_000,
        tokens: { input: 0, cacheWrite: 1000, cacheRead: 0, output: 0 },
      },
      // $2.50 for writing a million instead of $0.20 for reading it.
      [
        cell(66, "expired", "claude-sonnet-5", {
          count: 1,
          nanos: 2_300_000,
          cache_write_1h_tokens: 1000,
        }),
      ],
    ],
    [
      "a turn that completed, at its end",
      end("end_turn"),
      [cell(1, "turn", "completed", { count: 1, ms: 90_000 }, 90_000)],
    ],
    [
      "an interrupted turn",
      end("end_turn", { interrupted: true }),
      [cell(1, "turn", "interrupted", { count: 1, ms: 90_000 }, 90_000)],
    ],
    [
      "a turn that asks",
      end("requires_action"),
      [cell(1, "turn", "waiting", { count: 1, ms: 90_000 }, 90_000)],
    ],
    [
      "a turn that failed",
      { ...end("refusal"), state: "error" },
      [cell(1, "turn", "refused", { count: 1, failed: 1, ms: 90_000 }, 90_000)],
    ],
    [
      "an open turn, at its start",
      { ...turn, endedUs: null },
      [cell(0, "turn", "running", { count: 1 })],
    ],
    [
      "a turn's first output, when it came",
      { ...end("end_turn"), attributes: { stop_reason: "end_turn", first_output_ms: 59_999 } },
      [
        cell(0, "first_output", "", { count: 1, ms: 59_999 }, 59_999),
        cell(1, "turn", "completed", { count: 1, ms: 90_000 }, 90_000),
      ],
    ],
    ["a child's turn: nothing, it is its parent's", { ...turn, threadId: "child" }, []],
    [
      "a request, priced by its model",
      { kind: "model_request", startedUs: 58_000_000, endedUs: 61_000_000, tokens },
      [
        cell(
          1,
          "request",
          "claude-sonnet-5",
          {
            count: 1,
            ms: 3000,
            nanos: REQUEST_NANOS,
            input_tokens: 1000,
            cache_write_5m_tokens: 100,
            cache_read_tokens: 10,
            output_tokens: 10,
          },
          3000,
        ),
      ],
    ],
    [
      "a request of a child, by the child's model",
      { kind: "model_request", threadId: "child", startedUs: 0, endedUs: 1000, state: "error" },
      [cell(0, "request", "claude-haiku-4-5", { count: 1, failed: 1, ms: 1 }, 1)],
    ],
    [
      "a call, without the time it took to allow it",
      {
        kind: "tool",
        name: "bash",
        startedUs: 0,
        endedUs: 70_000_000,
        state: "error",
        attributes: { _confirmed_us: 60_000_000, _error: "no such <path>" },
      },
      [
        cell(1, "fault", "tool\t\tbash\t\tno such <path>", { count: 1, failed: 1 }),
        cell(1, "tool", "bash", { count: 1, failed: 1, ms: 10_000 }, 10_000),
      ],
    ],
    [
      "a call to an MCP server, under the server, too",
      {
        ...{ kind: "tool", name: "get_issue", startedUs: 0, endedUs: 1_000_000 },
        attributes: { mcp_server: "github" },
      },
      [
        cell(0, "mcp", "github", { count: 1, ms: 1000 }, 1000),
        cell(0, "tool", "get_issue", { count: 1, ms: 1000 }, 1000),
      ],
    ],
    [
      "a call somebody only waits for: nothing",
      { kind: "tool", startEventId: null, startedUs: 0 },
      [],
    ],
    [
      "a denied call that never ended, at its start",
      { kind: "tool", name: "rm", startedUs: MINUTE, state: "denied" },
      [cell(1, "tool", "rm", { count: 1, denied: 1 })],
    ],
    [
      "an answered approval",
      { kind: "approval", name: "rm", startedUs: 0, endedUs: 120_000_000, state: "denied" },
      [cell(2, "approval", "rm", { count: 1, denied: 1, ms: 120_000 }, 120_000)],
    ],
    ["an approval nobody has answered: nothing", { kind: "approval", startedUs: 0 }, []],
    [
      "an error the platform tries again",
      {
        kind: "mark",
        name: "session.error",
        startedUs: 0,
        endedUs: 0,
        attributes: { error_type: "x", retry_status: "retrying", mcp_server: "github" },
      },
      [
        cell(0, "error", "x", { count: 1 }),
        cell(0, "fault", "session\tx\t\tgithub\t", { count: 1 }),
      ],
    ],
    [
      "an error that ends it",
      {
        kind: "mark",
        name: "session.error",
        startedUs: 0,
        endedUs: 0,
        attributes: { error_type: "x", retry_status: "exhausted" },
      },
      [
        cell(0, "error", "x", { count: 1, failed: 1 }),
        cell(0, "fault", "session\tx\t\t\t", { count: 1, failed: 1 }),
      ],
    ],
    [
      "an error of a workflow, which is no session's",
      { ...{ kind: "mark", name: "workflow_run.error", startedUs: 0, endedUs: 0 } },
      [cell(0, "fault", "workflow\tunknown_error\t\t\t", { count: 1, failed: 1 })],
    ],
    [
      "rescheduling",
      { kind: "state", name: "rescheduling", startedUs: 0, endedUs: 5 },
      [cell(0, "reschedule", "", { count: 1 })],
    ],
    [
      "running, spread over its minutes",
      { kind: "state", name: "running", startedUs: 30_000_000, endedUs: 150_000_000 },
      [
        cell(0, "running", "", { count: 1 }),
        cell(0, "runtime", "", { ms: 30_000, nanos: 666_667 }),
        cell(1, "runtime", "", { ms: 60_000, nanos: 1_333_333 }),
        cell(2, "running", "", { count: -1 }),
        cell(2, "runtime", "", { ms: 30_000, nanos: 666_667 }),
      ],
    ],
    [
      "running still",
      { kind: "state", name: "running", startedUs: 0 },
      [cell(0, "running", "", { count: 1 })],
    ],
    [
      "rescheduling still, which counts as running",
      { kind: "state", name: "rescheduling", startedUs: 0 },
      [cell(0, "reschedule", "", { count: 1 }), cell(0, "running", "", { count: 1 })],
    ],
    [
      "waiting",
      { kind: "state", name: "waiting", startedUs: 0, endedUs: MINUTE },
      [cell(0, "waiting", "", { count: 1 }), cell(1, "waiting", "", { count: -1 })],
    ],
    ["a span without any time: nothing", { kind: "model_request", tokens }, []],
  ])("%s", (_, span, expected) => {
    expect(cellsOf(span)).toEqual(expected);
    expect(cellsOf(span, [1, -1])).toEqual([]);
  });

  it("spreads what runs for weeks over hours", () => {
    const weeks = 15 * 24 * 60;
    const cells = cellsOf({
      kind: "state",
      name: "running",
      startedUs: 0,
      endedUs: weeks * MINUTE,
    });
    const runtime = cells.filter(({ family }) => family === "runtime");
    expect(runtime).toHaveLength(15 * 24);
    expect(runtime.reduce((sum, { measures }) => sum + (measures.ms ?? 0), 0)).toBe(weeks * 60_000);
  });
});

describe("a whole session", () => {
  const facts: SessionFacts = {
    startedUs: 0,
    settledUs: 3 * MINUTE,
    lastUs: 3 * MINUTE,
    outcome: "refused",
    failed: true,
    durationMs: 180_000,
    activeMs: 120_500,
    webSearches: 2,
    computedNanos: 40_000_000,
    listNanos: 50_000_000,
    runtimeNanos: 2_677_778,
    webSearchNanos: 20_000_000,
    tokens: {
      nanos: 17_322_222,
      input_tokens: 1500,
      cache_write_5m_tokens: 60,
      cache_write_1h_tokens: 40,
      cache_read_tokens: 10,
      output_tokens: 10,
    },
    model: own("claude-sonnet-5"),
  };

  it("adds up to exactly what its row says, the rest where it settled", () => {
    const spans: SpanFacts[] = [
      { ...blank, kind: "model_request", startedUs: 0, endedUs: 1000, tokens },
      { ...blank, kind: "state", name: "running", startedUs: 0, endedUs: 2 * MINUTE },
    ];
    const { cells } = wholeSession(spans, facts, pricing);
    expect(settledCells(cells.values()).filter(({ minute }) => minute === 3)).toEqual([
      cell(3, "list", "", { count: 1, nanos: 50_000_000 }),
      cell(3, "request", "claude-sonnet-5", {
        nanos: 17_322_222 - REQUEST_NANOS,
        input_tokens: 500,
        cache_write_5m_tokens: -40,
        cache_write_1h_tokens: 40,
      }),
      cell(3, "runtime", "", { ms: 500, nanos: 2_677_778 - 2 * 1_333_333 }),
      cell(3, "search", "", { count: 2, nanos: 20_000_000 }),
      cell(3, "settled", "refused", { count: 1, failed: 1, ms: 180_000, nanos: 40_000_000 }),
    ]);
  });

  it("stands at its last sign of life while it has not settled, and nowhere without any time", () => {
    const open = { ...facts, settledUs: null, lastUs: 5 * MINUTE };
    const minutes = (some: SessionFacts) =>
      settledCells(wholeSession([], some, pricing).cells.values()).map(
        ({ minute, family }) => `${minute} ${family}`,
      );
    expect(minutes(open)).toEqual(["0 started", "5 list", "5 request", "5 runtime", "5 search"]);
    expect(minutes({ ...open, lastUs: null, startedUs: null })).toEqual([]);
  });
});
