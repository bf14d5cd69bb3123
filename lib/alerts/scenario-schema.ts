// The form of files of scenarios that rules are tested with. Part of the room of schema.ts, and under its sign.
import { z } from "zod";

const Cell = z.union([z.string(), z.number()]).transform(String);

export const Scenario = z.object({
  id: z.string(),
  title: z.string().default(""),
  anchor: z.string().default("").describe("whose behaviour it is"),
  settings: z.string().default(""),
  axis: z.string().default("minute").describe("what columns count: minute, hour or day"),
  columns: z.array(z.union([z.number(), z.string()])).default([]),
  rows: z.array(z.object({ name: z.string(), cells: z.array(Cell) })).default([]),
});
export type Scenario = z.infer<typeof Scenario>;

export const ScenarioFile = z.object({ scenarios: z.array(Scenario).min(1) });
export type ScenarioFile = z.infer<typeof ScenarioFile>;
