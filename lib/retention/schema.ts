// Retention: how long what is stored stays, what has to stay longer, and taking it away.
// Written by: people, through its API; the nightly job; removing a connection with its data, a session the
// platform deleted, removing the demo. Read by: the retention page; ingest knows the seals it leaves behind.
// Invariant: what it drops changes no total: a session's cells stay, its own or added to those of others
// that are gone, and verify proves them. What is held is never dropped. Only removal takes cells along.
import { z } from "zod";

/** Which sessions: those of one source, or of one connection, or one of them alone. */
export type SessionsOf = { workspace: string } & (
  | { source: string }
  | { connectionId: string; sessionId?: string }
);

/** In the order in which they go. */
export const KINDS = ["content", "events", "spans", "sessions"] as const;
export type Kind = (typeof KINDS)[number];

export const MOST_DAYS = 36_500;

const days = z
  .int()
  .min(1, "expected 1 or more days")
  .max(MOST_DAYS, "expected at most 36,500 days")
  .nullable();

export const RetentionPolicy = z
  .strictObject({
    content: days.describe(
      "what was said and done: texts, inputs, outputs, messages, titles, prompts that are not published. Structure, times and sizes stay",
    ),
    events: days.describe(
      "the events themselves; from then on nothing changes the session's totals",
    ),
    spans: days.describe("the timeline"),
    sessions: days.describe("the session, which is then not to be found any more"),
  })
  .describe("days after a session was last heard of; null: for ever")
  .meta({ id: "RetentionPolicy" });
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;

const own = RetentionPolicy.partial()
  .describe("what is left out is as the default")
  .meta({ id: "OwnRetentionPolicy" });
export type OwnPolicy = z.infer<typeof own>;

const MOST_OWN = 500;
const policies = {
  default: RetentionPolicy,
  pushed: own.describe("of all that no connection brings"),
  connections: z
    .record(z.string().min(1).max(100), own)
    .refine((all) => Object.keys(all).length <= MOST_OWN, `expected at most ${MOST_OWN}`)
    .describe("by connection; also of those that are removed, as long as their sessions are here"),
};

/** As it is stored. */
export const RetentionSettings = z.object({
  revision: z.int().nonnegative(),
  changed_at: z.string().nullable(),
  ...policies,
});
export type RetentionSettings = z.infer<typeof RetentionSettings>;

export const FOR_EVER: RetentionPolicy = {
  ...{ content: null, events: null, spans: null, sessions: null },
};
export const DEFAULT_SETTINGS: RetentionSettings = {
  ...{ revision: 0, changed_at: null, default: FOR_EVER, pushed: {}, connections: {} },
};

export const RetentionChange = z
  .strictObject({
    based_on: z.int().nonnegative().describe("the revision that it changes; another is a conflict"),
    ...policies,
  })
  .meta({ id: "RetentionChange" });
export type RetentionChange = z.infer<typeof RetentionChange>;

const count = z.int().nonnegative();

/** What runs count, in the order in which it is told. */
export const COUNTED = [
  ...["content", "events", "spans", "sessions", "kept"],
  ...["event_rows", "span_rows", "rejected"],
] as const;

export const RunCounts = z.object({
  content: count.describe("sessions whose content was dropped"),
  events: count.describe("sessions whose events were dropped"),
  spans: count.describe("sessions whose spans were dropped"),
  sessions: count.describe("sessions that went"),
  kept: count.describe("sessions whose content stays, since other figures would follow without it"),
  event_rows: count.describe("events removed one by one"),
  span_rows: count.describe("spans removed one by one"),
  rejected: count.describe("rejected items that went, or lost their body"),
});
export type RunCounts = z.infer<typeof RunCounts>;

export const RetentionRunItem = z
  .object({
    id: z.string(),
    state: z.enum(["working", "done"]),
    asked_by: z.string().nullable().describe("null: the clock"),
    stage: z.string().describe("what it is at"),
    counts: RunCounts,
    partitions: z.array(z.string()).describe("days dropped whole, as `event 2026-11-20`"),
    started_at: z.string(),
    finished_at: z.string().nullable(),
  })
  .meta({ id: "RetentionRun" });
export type RetentionRunItem = z.infer<typeof RetentionRunItem>;

export const RetentionAnswer = z
  .object({
    revision: count,
    changed_at: z.string().nullable(),
    default: RetentionPolicy,
    pushed: own,
    connections: z.array(
      z.object({ id: z.string(), name: z.string().nullable(), own, holds: RetentionPolicy }),
    ),
    next_run_at: z.string(),
    runs: z.array(RetentionRunItem).describe("the newest first"),
  })
  .meta({ id: "Retention" });
export type RetentionAnswer = z.infer<typeof RetentionAnswer>;

export const RetentionDue = z
  .object({
    kinds: z.array(
      z.object({
        kind: z.enum(KINDS),
        sessions: count,
        events: count.describe("events of these sessions"),
        oldest_at: z.string().nullable().describe("when the oldest of them was last heard of"),
      }),
    ),
    held: count.describe("sessions that are due and held"),
    bytes: count.describe("about, of the rows that would go"),
  })
  .meta({ id: "RetentionDue" });
export type RetentionDue = z.infer<typeof RetentionDue>;
