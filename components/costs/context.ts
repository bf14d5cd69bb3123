import { groupSeries, resultOf } from "@/components/metrics/answers";
import type { MetricResult } from "@/lib/metrics/query-schema";

/** What prompts carried of one tool's results. */
export type ContextRow = {
  key: string;
  /** Null for what is no tool's. */
  tool: string | null;
  name: string;
  /** Tokens that came into prompts. */
  put: number;
  /** Tokens of all prompts. */
  carried: number;
  nanos: number;
  /** Of the cost of all prompts; null where there is none. */
  share: number | null;
};

const METRICS = {
  put: "context_tokens",
  carried: "carried_tokens",
  nanos: "cost_of_context",
} as const;
export const CONTEXT_METRICS = Object.values(METRICS);

/** Dearest tool first; what is no tool's, and tools beyond the limit, come last. */
export function contextRows(results: readonly MetricResult[] | undefined): ContextRow[] {
  const rows = new Map<string, Omit<ContextRow, "share">>();
  for (const figure of ["put", "carried", "nanos"] as const) {
    const result = resultOf(results, METRICS[figure]);
    for (const { labels, total, isOther } of result ? groupSeries(result) : []) {
      const tool = isOther ? "" : (labels.tool ?? "");
      const key = isOther ? "other" : `tool ${tool}`;
      const row = rows.get(key) ?? {
        ...{ key, tool: tool || null, put: 0, carried: 0, nanos: 0 },
        name: isOther ? "Other tools" : tool || "Conversation and system",
      };
      rows.set(key, { ...row, [figure]: row[figure] + (total ?? 0) });
    }
  }
  const all = [...rows.values()].reduce((sum, { nanos }) => sum + nanos, 0);
  return [...rows.values()]
    .filter(({ put, carried }) => put > 0 || carried > 0)
    .map((row) => ({ ...row, share: all === 0 ? null : row.nanos / all }))
    .sort(
      (a, b) =>
        Number(a.tool === null) - Number(b.tool === null) ||
        b.nanos - a.nanos ||
        b.carried - a.carried ||
        (a.name < b.name ? -1 : 1),
    );
}
