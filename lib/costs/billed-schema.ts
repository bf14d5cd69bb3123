// Billed: what the provider charged by its cost report, per UTC day, and how much of it belongs to
// sessions that are known here. Part of the room of schema.ts, and under its sign.
// Invariant: billed = attributed + unattributed, and a day that is not reported has no figure, not zero.
import { z } from "zod";
import { DAY_STATES } from "./billed";
import { ReconcileQuery } from "./reconcile-schema";

const count = z.int().nonnegative();
const nanos = z.int().describe("nano-dollars");
const instant = z.string().describe("RFC 3339, UTC");

export const BilledQuery = ReconcileQuery.pick({ from: true, to: true });
export type BilledQuery = z.infer<typeof BilledQuery>;

const Sums = z.object({
  billed_nanos: nanos.describe("after discounts, before credits"),
  list_nanos: nanos.describe("before discounts, by the same report"),
  attributed_nanos: nanos.describe("of billed, what belongs to sessions known here"),
  unattributed_nanos: nanos.describe("billed − attributed"),
  sessions: count.describe("known sessions that were billed"),
  unknown_sessions: count.describe("billed sessions that are not known here"),
  no_session_nanos: nanos.describe("of unattributed, what the report gives to no session"),
});

export const BilledDay = z.object({
  day: z.string().describe("UTC, as 2026-11-20"),
  state: z
    .enum(DAY_STATES)
    .describe(
      "not_asked: before the report was read; not_reported: the provider has not got to it; partly: it had not ended when it was last reported",
    ),
  sums: Sums.nullable().describe("null while nothing of the day is reported"),
});
export type BilledDay = z.infer<typeof BilledDay>;

export const Billed = z
  .object({
    connections: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          since: z.string().nullable().describe("the first day that was asked for"),
          reported_until: instant.nullable(),
          read_at: instant.nullable(),
          error: z.string().nullable().describe("why the report could not be read the last time"),
        }),
      )
      .describe("those with an Admin key"),
    totals: Sums.describe("over all days of the range"),
    days: z.array(BilledDay).describe("the newest first; at most 366"),
  })
  .meta({ id: "Billed" });
export type Billed = z.infer<typeof Billed>;
