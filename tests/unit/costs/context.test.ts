import { describe, expect, it } from "vitest";
import { contextRows } from "@/components/costs/context";
import type { MetricResult } from "@/lib/metrics/query-schema";

const result = (
  metric: string,
  totals: Record<string, number>,
  truncated_groups = 0,
): MetricResult => ({
  ...{ metric, unit: "tokens", kind: "sum", step: "all", outdated_sessions: 0 },
  ...{ complete_until: "2026-11-20T13:30:00Z", truncated_groups, folded_days: 0 },
  series: Object.entries(totals).map(([tool, total]) => ({ labels: { tool }, points: [], total })),
});
const answer = (
  put: Record<string, number>,
  carried: Record<string, number>,
  nanos: Record<string, number>,
  truncated = 0,
) => [
  result("context_tokens", put, truncated),
  result("carried_tokens", carried, truncated),
  result("cost_of_context", nanos, truncated),
];

describe("the rows of what prompts carried", () => {
  it("are dearest first, with what is no tool's last, and add up to the whole", () => {
    const rows = contextRows(
      answer(
        { "": 900, bash: 50, read: 50 },
        { "": 1000, bash: 60, read: 200 },
        {
          ...{ "": 600, bash: 100, read: 300 },
        },
      ),
    );
    expect(rows.map(({ name, share }) => [name, share])).toEqual([
      ["read", 0.3],
      ["bash", 0.1],
      ["Conversation and system", 0.6],
    ]);
    expect(rows[0]).toMatchObject({ tool: "read", put: 50, carried: 200, nanos: 300 });
  });

  it("keep what is beyond the limit apart from a tool that is called so", () => {
    const rows = contextRows(
      answer(
        { other: 5, bash: 3, others: 2 },
        { other: 5, bash: 3, others: 2 },
        {
          ...{ other: 50, bash: 30, others: 20 },
        },
      ),
    );
    expect(rows.map(({ key }) => key)).toEqual(["tool other", "tool bash", "tool others"]);
    const cut = contextRows(
      answer({ bash: 3, other: 2 }, { bash: 3, other: 2 }, { bash: 30, other: 20 }, 4),
    );
    expect(cut.map(({ key, tool }) => [key, tool])).toEqual([
      ["tool bash", "bash"],
      ["other", null],
    ]);
  });

  it("are none without prompts, and have no share where nothing has a price", () => {
    expect(contextRows(undefined)).toEqual([]);
    expect(contextRows(answer({ bash: 0 }, { bash: 0 }, { bash: 0 }))).toEqual([]);
    expect(contextRows(answer({ bash: 1 }, { bash: 1 }, { bash: 0 }))[0]?.share).toBeNull();
  });
});
