import { COUNTED, type RetentionRunItem, type RunCounts } from "./schema";

/**
 * What a run does, one after the other. Sessions first, so that nothing is taken out of what goes whole;
 * then content, which is folded from what is left, and only then events and spans, so that of a sealed
 * session no text is left in its columns; then what agents ran with that no session tells. Rows go last, with their partition where a whole day is dropped.
 */
export const STAGES = [
  ...(["sessions", "content", "events", "spans", "configurations"] as const),
  ...(["event rows", "span rows", "partitions", "rejected items"] as const),
] as const;
export type Stage = (typeof STAGES)[number];

export const stageOf = (text: string): Stage | null => STAGES.find((one) => one === text) ?? null;
export const stageAfter = (stage: Stage): Stage | null => STAGES[STAGES.indexOf(stage) + 1] ?? null;

export const NO_COUNTS = Object.fromEntries(COUNTED.map((name) => [name, 0])) as RunCounts;

export function addCounts(counts: unknown, more: Partial<RunCounts>): RunCounts {
  const before = { ...NO_COUNTS, ...(counts as Partial<RunCounts>) };
  return Object.fromEntries(
    COUNTED.map((name) => [name, before[name] + (more[name] ?? 0)]),
  ) as RunCounts;
}

type Row = {
  id: string;
  state: string;
  askedBy: string;
  stage: string;
  counts: unknown;
  partitions: string[];
  startedAt: Date;
  finishedAt: Date | null;
};

export const runItem = (row: Row): RetentionRunItem => ({
  id: row.id,
  state: row.state === "done" ? "done" : "working",
  asked_by: row.askedBy === "" ? null : row.askedBy,
  stage: row.stage,
  counts: addCounts(row.counts, {}),
  partitions: row.partitions,
  started_at: row.startedAt.toISOString(),
  finished_at: row.finishedAt?.toISOString() ?? null,
});
