import type { Hits } from "./masker";
import {
  type MaskingRunCounts,
  type MaskingRunItem,
  MaskingRunKind,
  MaskingRunState,
  NOTHING_MASKED,
} from "./runs-schema";
import type { MaskingRunRow } from "./runs-store";

/** What a run goes through, in this order: what agents ran with is the last that sessions may name. */
export const STAGES = [
  ...(["sessions", "agent", "environment", "deployment", "deployment_run"] as const),
  ...(["agent_release", "resource", "agent_version", "rejected items", "sums"] as const),
];
export type Stage = (typeof STAGES)[number];

export const stageOf = (text: string): Stage => STAGES.find((one) => one === text) ?? "sums";
export const stageAfter = (stage: Stage): Stage | undefined => STAGES[STAGES.indexOf(stage) + 1];

export const countsIn = (row: Pick<MaskingRunRow, "counts">): MaskingRunCounts => ({
  ...NOTHING_MASKED,
  ...(row.counts as Partial<MaskingRunCounts>),
});

export function withCounts(
  row: Pick<MaskingRunRow, "counts">,
  more: Partial<MaskingRunCounts>,
): MaskingRunCounts {
  const sum = countsIn(row);
  for (const [name, count] of Object.entries(more))
    sum[name as keyof MaskingRunCounts] += count ?? 0;
  return sum;
}

export function withFields(row: Pick<MaskingRunRow, "fields">, hits: Hits): Record<string, number> {
  const sum = { ...(row.fields as Record<string, number>) };
  for (const [rule, count] of hits) sum[rule] = (sum[rule] ?? 0) + count;
  return sum;
}

export const maskingRunItem = (row: MaskingRunRow): MaskingRunItem => ({
  ...{ id: row.id, kind: MaskingRunKind.parse(row.kind), state: MaskingRunState.parse(row.state) },
  ...{ revision: row.revision, sessions: row.sessions ?? 0, done: row.done },
  counts: countsIn(row),
  fields: Object.entries(row.fields as Record<string, number>)
    .map(([rule, fields]) => ({ rule, fields }))
    .sort((a, b) => b.fields - a.fields || (a.rule < b.rule ? -1 : 1)),
  ...{ asked_by: row.askedBy, created_at: row.createdAt.toISOString() },
  finished_at: row.finishedAt?.toISOString() ?? null,
});
