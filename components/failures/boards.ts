import { ratePoint } from "@/components/failures/rates";
import { groupSeries, ratioOf, resultOf } from "@/components/metrics/answers";
import type { Answers } from "@/lib/metrics/queries";
import type { Series } from "@/lib/metrics/query-schema";
import type { RatePoint } from "@/lib/series";

/** What calls of one tool, or to one server, came to. */
export type BoardRow = {
  name: string;
  failed: RatePoint;
  denied: number;
  p50Ms: number | null;
  p95Ms: number | null;
  /** Sessions in which one failed; null until they are counted. */
  sessions: number | null;
};

type Board = { question: "tools" | "servers"; label: string; metric: string; latency: string };
export const TOOLS: Board = {
  ...{ question: "tools", label: "tool", metric: "tool", latency: "tool_latency" },
};
export const SERVERS: Board = {
  ...{ question: "servers", label: "mcp_server", metric: "mcp", latency: "mcp_latency" },
};

/** Named groups of an answer, by their name. */
function named(answers: Answers, question: string, metric: string, label: string) {
  const result = resultOf(answers[question], metric);
  const series = result ? groupSeries(result) : [];
  return new Map<string, Series>(
    series
      .filter(({ isOther, labels }) => !isOther && labels[label])
      .map((one) => [one.labels[label] ?? "", one]),
  );
}

/** Most failed calls first, then most calls. */
export function boardOf(
  answers: Answers,
  { question, label, metric, latency }: Board,
  affected: readonly { name: string; sessions: number }[] | undefined,
): BoardRow[] {
  const rates = named(answers, question, `${metric}_error_rate`, label);
  const denials = named(answers, question, `${metric}_denials`, label);
  const p50 = named(answers, question, latency, label);
  const p95 = named(answers, `${question}_p95`, latency, label);
  const sessions = new Map(affected?.map((one) => [one.name, one.sessions]));
  const rows = [...rates].map(([name, series]): BoardRow => {
    const { above, below } = ratioOf(series);
    return {
      name,
      failed: ratePoint(above, below),
      denied: denials.get(name)?.total ?? 0,
      p50Ms: p50.get(name)?.total ?? null,
      p95Ms: p95.get(name)?.total ?? null,
      sessions: affected ? (sessions.get(name) ?? 0) : null,
    };
  });
  return rows.sort(
    (a, b) => b.failed.above - a.failed.above || b.failed.below - a.failed.below || order(a, b),
  );
}

const order = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

/** How long calls of one tool waited for somebody's permission. */
export type ApprovalRow = {
  name: string;
  answered: number;
  p50Ms: number | null;
  p95Ms: number | null;
  totalMs: number;
};

/** The tools that were waited for the longest in all first. */
export function approvalsOf(answers: Answers): ApprovalRow[] {
  const counts = named(answers, "approvals_count", "approval_wait", "tool");
  const totals = named(answers, "approvals", "approval_wait_total", "tool");
  const p50 = named(answers, "approvals", "approval_wait", "tool");
  const p95 = named(answers, "approvals_p95", "approval_wait", "tool");
  const rows = [...counts].map(
    ([name, { total }]): ApprovalRow => ({
      name,
      answered: total ?? 0,
      p50Ms: p50.get(name)?.total ?? null,
      p95Ms: p95.get(name)?.total ?? null,
      totalMs: totals.get(name)?.total ?? 0,
    }),
  );
  return rows
    .filter(({ answered }) => answered > 0)
    .sort((a, b) => b.totalMs - a.totalMs || order(a, b));
}
