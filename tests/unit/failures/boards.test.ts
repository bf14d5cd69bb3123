import { describe, expect, it } from "vitest";
import { approvalsOf, boardOf, TOOLS } from "@/components/failures/boards";
import type { Answers } from "@/lib/metrics/queries";
import type { MetricResult, Point } from "@/lib/metrics/query-schema";

const AT = "2026-11-20T10:00:00Z";

/** One value a tool; a pair is numerator and denominator. Those beyond the limit come last. */
function result(
  metric: string,
  told: Record<string, number | null | [number, number]>,
  truncated = 0,
): MetricResult {
  const series = Object.entries(told).map(([tool, value]) => {
    const point: Point = Array.isArray(value) ? [AT, value[0] / value[1], ...value] : [AT, value];
    return { labels: { tool }, points: [point], total: point[1] };
  });
  return {
    ...{
      metric,
      series,
      ...{ truncated_groups: truncated, folded_days: 0 },
      step: "all",
      complete_until: AT,
      outdated_sessions: 0,
    },
    ...{ unit: "count", kind: "count" },
  };
}

const answers: Answers = {
  tools: [
    result("tool_error_rate", { read: [0, 9], bash: [2, 4], write: [2, 8], "": [1, 1] }),
    result("tool_denials", { bash: 1 }),
    result("tool_latency", { read: 12, bash: 340 }),
  ],
  tools_p95: [result("tool_latency", { bash: 900 })],
  approvals: [
    result("approval_wait_total", { bash: 90_000, write: 400_000, other: 5 }, 3),
    result("approval_wait", { bash: 30_000, write: 400_000 }),
  ],
  approvals_p95: [result("approval_wait", { bash: 60_000, write: 400_000 })],
  approvals_count: [result("approval_wait", { bash: 3, write: 1, read: 0 })],
};

describe("the board of tools", () => {
  it("has what each metric says of a tool, most failed calls first, then most calls", () => {
    const rows = boardOf(answers, TOOLS, [{ name: "bash", sessions: 2 }]);
    expect(rows.map(({ name }) => name)).toEqual(["write", "bash", "read"]);
    expect(rows[1]).toMatchObject({
      failed: { above: 2, below: 4, rate: 0.5 },
      ...{ denied: 1, p50Ms: 340, p95Ms: 900, sessions: 2 },
    });
    expect(rows[2]).toMatchObject({ denied: 0, p50Ms: 12, p95Ms: null, sessions: 0 });
  });
  it("does not say that no session was hit before they are counted", () => {
    expect(boardOf(answers, TOOLS, undefined).map(({ sessions }) => sessions)).toEqual([
      null,
      null,
      null,
    ]);
  });
});

it("waits for permission stand by what they add up to", () => {
  expect(approvalsOf(answers)).toEqual([
    { name: "write", answered: 1, p50Ms: 400_000, p95Ms: 400_000, totalMs: 400_000 },
    { name: "bash", answered: 3, p50Ms: 30_000, p95Ms: 60_000, totalMs: 90_000 },
  ]);
});
