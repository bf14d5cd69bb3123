// The form of files that rules are written in and tested with. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { parseDuration } from "./duration";
import { NewRule } from "./rule-schema";

const Cell = z
  .union([z.string(), z.number(), z.boolean()])
  .nullable()
  .transform((cell) =>
    cell === null ? "" : String(typeof cell === "boolean" ? Number(cell) : cell),
  );
const text = z
  .string()
  .nullish()
  .transform((given) => given ?? "");

export const Scenario = z.object({
  id: z.string(),
  title: text,
  anchor: text.describe("whose behaviour it is"),
  settings: text,
  axis: z.string().default("minute").describe("what columns count: minute, hour or day"),
  columns: z.array(z.union([z.number(), z.string()])).default([]),
  rows: z.array(z.object({ name: z.string(), cells: z.array(Cell) })).default([]),
});
export type Scenario = z.infer<typeof Scenario>;

export const ScenarioFile = z.object({ scenarios: z.array(Scenario).min(1) });
export type ScenarioFile = z.infer<typeof ScenarioFile>;

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text.replaceAll(" ", ""));
  if (ms !== null) return ms;
  context.addIssue({ code: "custom", message: "expected a duration like 30s, 5m or 1h30m" });
  return z.NEVER;
});
const texts = z.record(z.string(), z.coerce.string());

const ExpectedAlert = z.object({
  exp_labels: texts.default({}),
  exp_annotations: texts.optional(),
});
export type ExpectedAlert = z.infer<typeof ExpectedAlert>;

const SeriesTest = z.object({
  name: z.string().default("unnamed"),
  interval: duration.prefault("1m").describe("between two samples"),
  input_series: z.array(z.object({ series: z.string(), values: z.coerce.string() })).default([]),
  alert_rule_test: z
    .array(
      z.object({
        eval_time: duration,
        alertname: z.string(),
        exp_alerts: z.array(ExpectedAlert).nullish(),
      }),
    )
    .default([]),
});
export type SeriesTest = z.infer<typeof SeriesTest>;

/** As promtool has it, with our rules in `rule_files` and our metrics in `input_series`. */
export const SeriesFile = z.object({
  rule_files: z.array(z.string()).min(1),
  evaluation_interval: duration.optional().describe("default: each rule's own"),
  tests: z.array(SeriesTest).min(1),
});
export type SeriesFile = z.infer<typeof SeriesFile>;

/** Rules as code. */
export const RulesFile = z.strictObject({ rules: z.array(NewRule) });
export type RulesFile = z.infer<typeof RulesFile>;
