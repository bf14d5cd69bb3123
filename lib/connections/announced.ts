/** Events of a session's own list that the platform announces, and the type of webhook it does so by. */
export const ANNOUNCED = {
  "session.status_running": "session.status_run_started",
  "session.status_idle": "session.status_idled",
  "session.status_rescheduled": "session.status_rescheduled",
  "session.status_terminated": "session.status_terminated",
  "session.updated": "session.updated",
  "span.outcome_evaluation_end": "session.outcome_evaluation_ended",
  "session.thread_created": "session.thread_created",
  "session.thread_status_idle": "session.thread_idled",
  "session.thread_status_terminated": "session.thread_terminated",
} as const;
export type AnnouncedEvent = keyof typeof ANNOUNCED;

/** Left out are `session.deleted`, of which we store no time of theirs, and `session.budget_reached`, which comes once a cap. */
export const ANNOUNCED_EVENTS = Object.keys(ANNOUNCED) as AnnouncedEvent[];

/** Those that are announced of child threads alone. */
export const OF_CHILDREN: readonly AnnouncedEvent[] = [
  "session.thread_created",
  "session.thread_status_idle",
  "session.thread_status_terminated",
];

/** Three attempts, up to two minutes apart: what has not come after this time does not come. */
export const GRACE_MS = 10 * 60_000;
