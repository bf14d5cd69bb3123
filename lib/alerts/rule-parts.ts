// What rules are written with. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { saidUnder } from "@/lib/http/content";
import { CATALOGUE } from "@/lib/metrics/catalogue";
import { AGGREGATES, KEY_DIMENSIONS } from "@/lib/metrics/metric";
import { DIMENSIONS } from "@/lib/metrics/schema";
import { parseDuration } from "./duration";
import { Severity } from "./schema";

export const OPS = [">", ">=", "<", "<=", "outside", "inside"] as const;
export const NO_DATA = ["keep_last", "ok", "firing", "no_data"] as const;

export const DAY_MS = 86_400_000;

/** A text like `2m`, bounded. */
export const duration = (leastMs: number, mostMs: number, says: string) =>
  z
    .string()
    .max(20)
    .refine((text) => {
      const ms = parseDuration(text);
      return ms !== null && ms >= leastMs && ms <= mostMs && ms % 1000 === 0;
    }, `expected ${says}, written like 30s, 2m, 1h or 7d`);

const name = z.string().trim().min(1).max(120);
const labels = z
  .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_.]{0,63}$/), z.string().max(256))
  .default({});
const texts = z.array(z.string().max(512)).min(1).max(100);
export const FILTERS = [...DIMENSIONS, ...KEY_DIMENSIONS] as const;
const filterName = z
  .string()
  .refine(
    (key) => (FILTERS as readonly string[]).includes(key) || /^metadata\..{1,64}$/s.test(key),
    `expected one of ${FILTERS.join(", ")} or metadata.<key>`,
  );
export const groupName = filterName.or(z.literal("bucket"));
export const bound = z.number().or(z.tuple([z.number(), z.number()]));

export const SESSION_MEASURES = [
  ...(["cost", "cost_per_minute", "duration", "tokens", "tool_errors"] as const),
  ...(["silence", "waiting", "reschedules"] as const),
] as const;

export const SELF_WATCHES = [
  ...(["ingest", "evaluation", "channels", "connections", "break_glass"] as const),
] as const;

/** What every kind of rule has. */
export const common = {
  name,
  severity: Severity.default("warning"),
  every: duration(30_000, DAY_MS, "30s to 1d").default("1m").describe("how often it is judged"),
  delay: duration(0, DAY_MS, "0s to 1d").default("1m").describe("windows end this long ago"),
  for: duration(0, 7 * DAY_MS, "0s to 7d")
    .default("0s")
    .describe("how long before it fires"),
  keep_firing_for: duration(0, 7 * DAY_MS, "0s to 7d").default("0s"),
  no_data: z.enum(NO_DATA).default("keep_last"),
  no_data_for: duration(0, 30 * DAY_MS, "0s to 30d").default("15m"),
  low_volume_hold: duration(0, 30 * DAY_MS, "0s to 30d")
    .optional()
    .describe(
      "how long one that fires is held while there is too little to judge by; default: three windows, 30m at least",
    ),
  error_for: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe("ticks that fail before its owner is told"),
  new_group_delay: duration(0, 7 * DAY_MS, "0s to 7d").default("0s"),
  max_instances: z.int().min(1).max(1_000).default(100),
  missing_evals: z.int().min(1).max(100).default(2),
  max_staleness: duration(0, 90 * DAY_MS, "0s to 90d").default("1d"),
  labels,
  annotations: z
    .strictObject({
      summary: z.string().max(500).optional(),
      description: z.string().max(4_000).optional(),
    })
    .default({})
    .describe("{{ labels.agent }}, {{ value }}, {{ threshold }} and {{ severity }} are filled in"),
  runbook_url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  owner: z.string().max(200).optional(),
  channels: z
    .array(z.string().max(100))
    .max(20)
    .default([])
    .describe("beside what routes send it to"),
  paused: z.boolean().default(false),
  dry_run: z.boolean().default(false).describe("judged and kept, told to nobody"),
};

/** What is done to a session once, when the rule fires for it. */
export const Action = z.strictObject({
  kind: z.literal("interrupt"),
  mode: z
    .enum(["dry_run", "live"])
    .default("dry_run")
    .describe("dry_run only notes what would be done; live needs an earlier version with dry_run"),
  per_hour: z.int().min(1).max(1_000).default(5).describe("sessions in any hour, at most"),
});
export type Action = z.infer<typeof Action>;

/** What is compared with what. */
export const compared = {
  op: z.enum(OPS).default(">"),
  fire: bound.describe("two numbers for outside and inside"),
  warn: bound.optional().describe("reached earlier, with the severity warning"),
  recover: bound
    .optional()
    .describe("one that fires recovers strictly past it; default: when it does not breach"),
  tiers: z
    .array(z.strictObject({ fire: bound, severity: Severity }))
    .max(4)
    .default([])
    .describe("farther bounds with other severities"),
};

export const asked = {
  metric: z.enum(CATALOGUE.map(({ id }) => id)),
  agg: z.enum(AGGREGATES).default("p95").describe("of distributions"),
  // Groups of errors are named by what errors say.
  filters: saidUnder(z.record(filterName, texts).default({}), "error_group"),
  group_by: z.array(groupName).max(3).default([]),
  window: duration(1_000, 31 * DAY_MS, "1s to 31d").default("15m"),
};

export const volume = {
  min_volume: z.int().min(0).default(0).describe("of the denominator; below it nothing is judged"),
  min_bad: z.int().min(0).default(0).describe("of the numerator; below it nothing breaches"),
  confidence: z
    .boolean()
    .default(false)
    .describe("also compare the lower bound of Wilson's interval (z = 1.645)"),
};
