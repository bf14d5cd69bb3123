import { describe, expect, it } from "vitest";
import {
  activeMsFromSeconds,
  nanosFromCents,
  parseListCostCents,
  priceSession,
  usageKey,
} from "@/lib/costs/pricing";
import type { TokenCounts } from "@/lib/costs/schema";

type Snapshot = readonly [
  session: string,
  inputTokens: number,
  cacheWrite5mTokens: number,
  outputTokens: number,
  activeSeconds: number,
  listCost: string,
];

/**
 * Every `session.usage` of the recorded sessions (claude-haiku-4-5, 2026-09-05; public repository
 * roanukz/agent-handoff, commit ed043630691cd015ddf83276fb157f9bd87d0e27, folder
 * fixtures/agent-submit/managed): input, 5m cache writes, output, active seconds, list cost in
 * cents. 1h writes, cache reads and web searches are 0 in all of them.
 */
const SNAPSHOTS = [
  ["hp-05", 6766, 0, 370, 5.908, "1"],
  ["hp-05", 8877, 0, 572, 7.539, "1"],
  ["hp-05", 8877, 0, 572, 7.806, "1"],
  ["hp-05", 8877, 0, 572, 8.085, "1"],
  ["hp-05", 11_255, 0, 738, 10.054, "2"],
  ["hp-05", 11_255, 0, 738, 10.311, "2"],
  ["hp-05", 13_964, 0, 915, 13.21, "2"],
  ["hp-05", 20_474, 0, 1291, 17.401, "3"],
  ["dc-07", 2161, 0, 199, 2.408, "0"],
  ["dc-07", 4590, 0, 302, 3.902, "1"],
  ["dc-07", 7367, 0, 905, 9.277, "1"],
  ["dc-07", 7374, 4150, 1179, 12.755, "2"],
] as const satisfies Snapshot[];

/** The `model_usage` of every request: input, cache writes, output. */
const REQUESTS = {
  primary: [
    [3175, 0, 320],
    [3591, 0, 50],
    [3607, 0, 374],
  ],
  child: [
    [2111, 0, 202],
    [2378, 0, 166],
    [2709, 0, 177],
    [2903, 0, 2],
  ],
  single: [
    [2161, 0, 199],
    [2429, 0, 103],
    [2777, 0, 603],
    [7, 4150, 274],
  ],
} as const;

const MODEL = "claude-haiku-4-5";
const AT_US = Date.UTC(2026, 8, 5, 4, 1, 44) * 1000;

type Request = readonly [input: number, cacheWrite: number, output: number];
const covered = (requests: readonly Request[]) =>
  requests.map(([input, cacheWrite, output]) => {
    const tokens: TokenCounts = { input, cacheWrite, cacheRead: 0, output };
    const key = usageKey({ speed: null, promptTokens: input + cacheWrite, atUs: AT_US });
    return { model: MODEL, geo: null, key, tokens };
  });

function price(requests: readonly Request[], snapshot: Snapshot) {
  const [, inputTokens, cacheWrite5mTokens, outputTokens, seconds, cents] = snapshot;
  return priceSession({
    covered: covered(requests),
    usage: {
      inputTokens,
      cacheWrite5mTokens,
      cacheWrite1hTokens: 0,
      cacheReadTokens: 0,
      outputTokens,
    },
    sessionModel: MODEL,
    sessionGeo: null,
    sessionSpeed: null,
    residualAtUs: AT_US,
    activeMs: activeMsFromSeconds(seconds),
    runtimeBilled: true,
    webSearches: 0,
    listCostCents: parseListCostCents(cents),
    graderTokens: false,
    quantitiesGiven: true,
    settled: true,
  });
}

const HP_05 = SNAPSHOTS[7];
const DC_07 = SNAPSHOTS[11];

describe("recorded sessions", () => {
  it.each(SNAPSHOTS)("%s at %i+%i in, %i out, %d s has list cost %s", (...snapshot) => {
    const cost = price([], snapshot);
    expect(Math.round(cost.computedNanos / nanosFromCents(1))).toBe(Number(snapshot[5]));
    expect(cost.driftCauses).toEqual(["rounding"]);
  });

  it("hp-05: the lists of both threads cover the session exactly", () => {
    const cost = price([...REQUESTS.primary, ...REQUESTS.child], HP_05);
    expect(cost).toMatchObject({
      tokensNanos: 20_474 * 1000 + 1291 * 5000,
      runtimeNanos: 386_689,
      missingThreadTokens: 0,
      driftNanos: 27_315_689 - 30_000_000,
    });
  });

  it("hp-05: the primary list alone misses the child, priced at the session's model", () => {
    const cost = price(REQUESTS.primary, HP_05);
    expect(cost.missingThreadTokens).toBe(2111 + 202 + 2378 + 166 + 2709 + 177 + 2903 + 2);
    expect(cost.tokensNanos).toBe(20_474 * 1000 + 1291 * 5000);
    expect(cost.usage.inputTokens).toBe(20_474);
  });

  it("dc-07: four requests with a cache write of 4,150 tokens", () => {
    const cost = price(REQUESTS.single, DC_07);
    expect(cost).toMatchObject({
      tokensNanos: 7374 * 1000 + 4150 * 1250 + 1179 * 5000,
      computedNanos: 18_739_944,
      missingThreadTokens: 0,
      driftCauses: ["rounding"],
    });
  });
});
