/** What a session or a turn can have come to. */
export const OUTCOMES = [
  "running",
  "waiting",
  "completed",
  "outcome_failed",
  "retries_exhausted",
  "refused",
  "terminated",
  "interrupted",
  "budget_paused",
  "new",
  "unknown",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes that count in the failure rate's numerator. */
export const FAILED_OUTCOMES: readonly Outcome[] = [
  "outcome_failed",
  "retries_exhausted",
  "refused",
  "terminated",
];

/** Outcomes after which nothing is expected of the session for now. */
export const SETTLED_OUTCOMES: readonly Outcome[] = [
  ...FAILED_OUTCOMES,
  "completed",
  "interrupted",
  "budget_paused",
];
