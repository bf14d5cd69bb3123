// What may be asked of metrics, and the form of the answer. Part of the room of schema.ts, and under
// its sign.
import { z } from "zod";
import { asksContent } from "@/lib/http/content";
import { isTimeZone } from "@/lib/time/range";
import { CATALOGUE } from "./catalogue";
import { AGGREGATES, KEY_DIMENSIONS, UNITS } from "./metric";
import { DIMENSIONS } from "./schema";

export const STEPS = {
  "1m": 1,
  "5m": 5,
  "15m": 15,
  "30m": 30,
  "1h": 60,
  "3h": 180,
  "6h": 360,
  "12h": 720,
  "1d": 1440,
} as const;
export const Step = z.enum([...(Object.keys(STEPS) as Array<keyof typeof STEPS>), "all"]);
export type Step = z.infer<typeof Step>;

export const MOST_POINTS = 1_500;
export const MOST_SERIES = 200;

const many = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).optional(),
  );
const texts = many(z.string().max(256));

/** `bucket` is of tokens alone. */
export const GROUPS = [...DIMENSIONS, ...KEY_DIMENSIONS, "bucket"] as const;
export type Group = (typeof GROUPS)[number] | `metadata.${string}`;
export const isGroup = (name: string): name is Group =>
  /^metadata\..{1,64}$/s.test(name) || (GROUPS as readonly string[]).includes(name);

const MetricId = z.enum(CATALOGUE.map(({ id }) => id));

export const MetricsQuery = z.object({
  metric: many(MetricId).pipe(z.array(MetricId).min(1).max(20)),
  from: z.iso.datetime({ offset: true }).describe("rounded down to a minute"),
  to: z.iso.datetime({ offset: true }).optional().describe("default: now; rounded up to a minute"),
  step: Step.default("1h").describe("`all` is one value for the whole range"),
  group_by: asksContent(
    many(z.string().refine(isGroup, `expected one of ${GROUPS.join(", ")} or metadata.<key>`))
      .pipe(z.array(z.custom<Group>()).max(3).optional())
      .describe(
        "a ratio of sessions counts a session under each `tool` and each `error_type` it had; the groups of other metrics add up",
      ),
    (groups) => Array.isArray(groups) && groups.includes("error_group"),
  ),
  agg: z.enum(AGGREGATES).default("p50").describe("for distributions"),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_SERIES)
    .default(10)
    .describe("groups; the others are taken together as `other`"),
  tz: z
    .string()
    .max(64)
    .default("UTC")
    .refine(isTimeZone, "expected a time zone like Europe/Berlin")
    .describe("for steps of a day"),
  agent: texts,
  agent_version: texts,
  environment: texts,
  deployment: texts,
  source: texts,
  outcome: texts,
  model: texts,
  tool: texts,
  error_type: texts,
  connection: texts,
  config: texts.describe("what the session's agent was set up with; '' where that is not known"),
  mcp_server: texts,
  error_group: asksContent(
    many(z.string().max(512)).describe("as a group by `error_group` names it"),
  ),
  metadata: z.record(z.string().max(64), z.union([z.string(), z.array(z.string())])).optional(),
});
export type MetricsQuery = z.infer<typeof MetricsQuery>;

export const MetricsExportQuery = MetricsQuery.extend({
  format: z.enum(["csv", "ndjson"]).default("csv"),
});
export type MetricsExportQuery = z.infer<typeof MetricsExportQuery>;

export const Point = z.union([
  z.tuple([z.string(), z.number().nullable()]),
  z.tuple([z.string(), z.number().nullable(), z.number(), z.number()]),
]);
/** Bucket start and value; ratios with numerator and denominator. */
export type Point = z.infer<typeof Point>;

export const Series = z.object({
  labels: z.record(z.string(), z.string()),
  points: z.array(Point),
  total: z.number().nullable().describe("over the whole range; of a gauge the last value"),
});
export type Series = z.infer<typeof Series>;

export const MetricResult = z.object({
  metric: z.string(),
  unit: z.enum(UNITS),
  kind: z.enum(["count", "sum", "ratio", "gauge", "distribution"]),
  step: Step,
  complete_until: z
    .string()
    .describe(
      "what happened before it is known; RFC 3339, UTC. The first session's start as long as sessions are outdated",
    ),
  outdated_sessions: z
    .int()
    .nonnegative()
    .describe("sessions still to be derived anew after an update; figures are partial meanwhile"),
  series: z.array(Series),
  truncated_groups: z.int().nonnegative().describe("groups taken together as `other`"),
  folded_days: z
    .int()
    .nonnegative()
    .describe(
      "days (UTC) of the range on which a promoted key that is grouped by has values in `other` because of their number or their length: of a day, the first 1,000 in the order of their bytes, of at most 256 bytes, are groups of their own",
    ),
});
export type MetricResult = z.infer<typeof MetricResult>;

export const MetricsAnswer = z.object({ results: z.array(MetricResult) });
export type MetricsAnswer = z.infer<typeof MetricsAnswer>;

export const CatalogueAnswer = z.object({
  metrics: z.array(
    z.object({
      id: z.string(),
      unit: z.enum(UNITS),
      kind: z.enum(["count", "sum", "ratio", "gauge", "distribution"]),
      text: z.string(),
      dimensions: z.array(z.string()).describe("and any `metadata.<key>`"),
      aggregates: z.array(z.string()).describe("of distributions"),
    }),
  ),
});
export type CatalogueAnswer = z.infer<typeof CatalogueAnswer>;
