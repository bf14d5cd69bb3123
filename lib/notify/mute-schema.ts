// Mute timings: hours and days at which routes are silent, or at which alone they are not. Part of the
// room of schema.ts, and under its sign.
import { z } from "zod";
import { isTimeZone } from "@/lib/time/range";

/** A workspace has at most this many, which is one page. */
export const MOST_TIMINGS = 100;

export const WEEKDAYS = [
  ...(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const),
] as const;

const clock = z.string().regex(/^(?:([01]\d|2[0-3]):[0-5]\d|24:00)$/, {
  error: "expected a time like 09:00, or 24:00",
  abort: true,
});
const between = (bound: z.ZodType<number>) =>
  z
    .strictObject({ from: bound, to: bound })
    .refine(({ from, to }) => Math.sign(from) !== Math.sign(to) || from <= to, {
      path: ["to"],
      message: "it ends before it begins",
    });
const some = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(20).optional();

const dayOfMonth = z
  .int()
  .min(-31)
  .max(31)
  .refine((day) => day !== 0, "days count from 1, or from the month's end as -1");

const Interval = z
  .strictObject({
    times: some(
      z
        .strictObject({ from: clock, to: clock })
        .refine(({ from, to }) => from < to, { path: ["to"], message: "it ends before it begins" }),
    ).describe("from the first minute to before the last"),
    weekdays: some(z.strictObject({ from: z.enum(WEEKDAYS), to: z.enum(WEEKDAYS) })).describe(
      "both included; past Sunday where the second comes first",
    ),
    days_of_month: some(between(dayOfMonth)).describe("-1 is the last day"),
    months: some(between(z.int().min(1).max(12))),
    years: some(between(z.int().min(1970).max(9999))),
  })
  .refine((interval) => Object.keys(interval).length > 0, "name at least one of its parts");
export type Interval = z.infer<typeof Interval>;

export const NewMuteTiming = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    tz: z
      .string()
      .max(64)
      .refine(isTimeZone, "expected a time zone like Europe/Berlin")
      .default("UTC"),
    intervals: z
      .array(Interval)
      .min(1)
      .max(50)
      .describe("any of them; of each, all the parts that it has"),
  })
  .meta({ id: "NewMuteTiming" });
export type NewMuteTiming = z.infer<typeof NewMuteTiming>;

export const MuteTimingItem = NewMuteTiming.extend({
  id: z.string(),
  now: z.boolean().describe("whether it is such a time now"),
  created_at: z.string(),
}).meta({ id: "MuteTiming" });
export type MuteTimingItem = z.infer<typeof MuteTimingItem>;

export const MuteTimingsPage = z.object({ data: z.array(MuteTimingItem), next_cursor: z.null() });
export type MuteTimingsPage = z.infer<typeof MuteTimingsPage>;

export const MuteTimingParams = z.object({ id: z.string().max(100) });
