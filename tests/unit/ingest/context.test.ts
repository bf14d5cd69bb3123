import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { settledCells } from "@/lib/metrics/cells";
import { addSpan } from "@/lib/metrics/contribution";
import type { Cell, SpanPricing } from "@/lib/metrics/schema";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  CHILD,
  event,
  inThread,
  mcpResult,
  mcpUse,
  message,
  requestEnd,
  result,
  running,
  usAt,
  use,
} from "@/tests/support/events";
import { fold, foldBatches } from "@/tests/support/folding";

/** A request that ended: of its prompt what is read from the cache, written to it and neither, and the answer. */
const ended = (seconds: number, read: number, written: number, input: number, output = 0) =>
  requestEnd(`r${seconds}`, seconds, [input, output, read, written]);
/** Results whose content, as JSON, has these many bytes. */
const text = (bytes: number) => [{ type: "text", text: "x".repeat(bytes - 27) }];
const bash = (id: string, seconds: number, bytes: number): SoupItem[] => [
  use(id, seconds),
  result(id, seconds + 1, { content: text(bytes) }),
];
const issues = (id: string, seconds: number, bytes: number): SoupItem[] => [
  mcpUse(id, seconds),
  mcpResult(id, seconds + 1, { content: text(bytes) }),
];

const spansOf = (items: readonly SoupItem[]) =>
  Object.values(fold(...items).spans).filter(({ kind }) => kind === "context");
/** By tool: put in, read, written, plain. */
const toolsOf = (...items: SoupItem[]) =>
  spansOf([running(0), ...items]).map(({ attributes }) => attributes.parts);
const part = (...tools: unknown[]) => [[{ speed: null, above: 0, tools }]];

describe("what prompts carry", () => {
  it("is conversation and system as long as no tool has answered", () => {
    expect(toolsOf(ended(10, 0, 1000, 10, 50))).toEqual(part(["", 1010, 0, 1000, 10]));
  });

  it("is a tool's by what came between two requests, and is carried from then on", () => {
    const first = [ended(10, 0, 1000, 0, 50), ...bash("t1", 11, 300)];
    // 1,000 and 50 were there: 400 are new. They are at the end, where the cache is written.
    const second = ended(20, 1000, 450, 0, 20);
    expect(toolsOf(...first, second)).toEqual(
      part(["", 1000, 1000, 1050, 0], ["bash", 400, 0, 400, 0]),
    );
    // The third holds nothing new: of its 1,470 tokens 400 are the tool's, in each bucket as many in proportion.
    const third = ended(30, 1450, 20, 0, 5);
    expect(toolsOf(...first, second, third)).toEqual(
      part(["", 1000, 1000 + 1056, 1050 + 15, 0], ["bash", 400, 394, 400 + 5, 0]),
    );
  });

  it("is shared by bytes among the tools that answered, and what people said", () => {
    const between = [
      ...bash("t1", 11, 300),
      ...issues("t2", 12, 100),
      message(14, "x".repeat(573)),
    ];
    expect(toolsOf(ended(10, 0, 0, 1000), ...between, ended(20, 0, 0, 2001))).toEqual(
      part(
        ["", 1000 + 601, 0, 0, 1000 + 1000 + 601],
        ["bash", 300, 0, 0, 300],
        ["list_issues", 100, 0, 0, 100],
      ),
    );
  });

  it.each<[string, SoupItem[], unknown]>([
    [
      "nothing of tools after a compaction",
      [
        ended(10, 0, 0, 100),
        ...bash("t1", 11, 300),
        ended(20, 0, 0, 300),
        event("agent.thread_context_compacted", 25),
        ended(30, 0, 0, 150),
      ],
      part(["", 250, 0, 0, 350], ["bash", 200, 0, 0, 200]),
    ],
    [
      "less where a prompt comes back shorter",
      [ended(10, 0, 0, 100), ...bash("t1", 11, 300), ended(20, 0, 0, 300), ended(30, 0, 0, 150)],
      part(["", 100, 0, 0, 250], ["bash", 200, 0, 0, 300]),
    ],
    [
      "nothing more where an answer is longer than what came",
      [ended(10, 0, 0, 100, 500), ...bash("t1", 11, 300), ended(20, 0, 0, 300)],
      part(["", 100, 0, 0, 400]),
    ],
    [
      "nothing of a request that failed",
      [
        ended(10, 0, 0, 100),
        ...bash("t1", 11, 300),
        requestEnd("r15", 15, [900, 0], { is_error: true }),
        ended(20, 0, 0, 300),
      ],
      part(["", 100, 0, 0, 200], ["bash", 200, 0, 0, 200]),
    ],
    [
      "an unnamed tool's where the call is not known",
      [ended(10, 0, 0, 100), result("t9", 11, { content: text(100) }), ended(20, 0, 0, 300)],
      part(["", 100, 0, 0, 200], ["unnamed tool", 200, 0, 0, 200]),
    ],
  ])("is %s", (_, items, expected) => {
    expect(toolsOf(...items)).toEqual(expected);
  });

  it("is of each hour one span, of each thread its own", () => {
    const items = [
      ...[running(0), ended(10, 0, 0, 100), ended(3700, 0, 0, 100)],
      ...inThread(CHILD, ...bash("t1", 11, 300), ended(20, 0, 0, 300)),
    ];
    const spans = spansOf(items).map(({ threadId, startedUs }) => [threadId, startedUs]);
    expect(spans.sort()).toEqual([
      ["", usAt(0)],
      ["", usAt(3600)],
      [CHILD, usAt(0)],
    ]);
  });

  it("is the same in any order and any number of batches", () => {
    const items = [
      ...[running(0), ended(10, 0, 1000, 0, 50), ...bash("t1", 11, 300), message(12)],
      ...[ended(20, 1000, 450, 0, 20), ...issues("t2", 22, 900), ended(30, 1450, 700, 9)],
      ...[event("agent.thread_context_compacted", 35), ...bash("t3", 36, 50), ended(40, 0, 300, 0)],
      ...[ended(3700, 0, 0, 400, 3), ...bash("t4", 3701, 80), ended(3710, 400, 100, 0)],
    ];
    const whole = fold(...items).spans;
    fc.assert(
      fc.property(
        fc.shuffledSubarray(items, { minLength: items.length }),
        fc.integer({ min: 1, max: items.length - 1 }),
        (shuffled, cut) => {
          const { spans } = foldBatches([shuffled.slice(0, cut), shuffled.slice(cut)]);
          expect(spans).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });
});

const own = { model: "claude-sonnet-5", geo: null, speed: null };
const pricing: SpanPricing = {
  ...{ session: own, threads: new Map(), runtimeBilled: true, book: PRICE_BOOK },
};

function cellsOf(items: readonly SoupItem[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const span of Object.values(fold(...items).spans)) addSpan(cells, span, pricing, 1);
  return settledCells(cells.values());
}

describe("what that costs", () => {
  it("is what all prompts cost, in whole nano-dollars, and nothing is left when it is taken back", () => {
    const count = fc.integer({ min: 0, max: 150_000 });
    const request = fc.tuple(count, count, count, fc.nat(5000), fc.nat(3));
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 8 }), (requests) => {
        const items = requests.flatMap(([read, written, input, output, calls], at) => [
          ended(at * 20, read, written, input, output),
          ...Array.from({ length: calls }, (_, call) =>
            bash(`t${at}.${call}`, at * 20 + 1 + call, 50 + call * 100),
          ).flat(),
        ]);
        const cells = cellsOf([running(0), ...items]);
        const sumOf = (family: string, measure: "nanos" | "input_tokens" | "cache_read_tokens") =>
          cells
            .filter((cell) => cell.family === family)
            .reduce((sum, { measures }) => sum + (measures[measure] ?? 0), 0);
        for (const measure of ["input_tokens", "cache_read_tokens"] as const)
          expect(sumOf("context", measure)).toBe(sumOf("request", measure));
        const answers = requests.reduce((sum, [, , , output]) => sum + output, 0);
        // What answers cost is no prompt's; each request is rounded by itself.
        const prompts = sumOf("request", "nanos") - answers * 10_000;
        expect(Math.abs(sumOf("context", "nanos") - prompts)).toBeLessThanOrEqual(requests.length);
      }),
      { numRuns: 50 },
    );
  });
});
