import type { z } from "zod";
import type { NewRule } from "./rule-schema";
import { type Difference, runScenario, type Verdict } from "./scenario";
import { ScenarioFile, SeriesFile } from "./scenario-schema";
import { runSeriesTest } from "./series-test";

/** What became of one scenario or test of a file. */
export type Tested = { name: string; verdict: Verdict | { wrong: string } };

export type TestFile =
  | { kind: "scenarios"; file: ScenarioFile }
  | { kind: "series"; file: SeriesFile }
  /** What is wrong with it, and where. */
  | { kind: "unreadable"; issues: string[] };

/** A file of scenarios in the form of `scenarios/alerts.json`, or of tests in promtool's. */
export function testFileOf(parsed: unknown): TestFile {
  const isSeries = typeof parsed === "object" && parsed !== null && "tests" in parsed;
  const read = isSeries ? SeriesFile.safeParse(parsed) : ScenarioFile.safeParse(parsed);
  if (!read.success) return { kind: "unreadable", issues: read.error.issues.map(issueText) };
  return isSeries
    ? { kind: "series", file: read.data as SeriesFile }
    : { kind: "scenarios", file: read.data as ScenarioFile };
}

const issueText = ({ path, message }: z.core.$ZodIssue): string =>
  path.length > 0 ? `${path.join(".")}: ${message}` : message;

export const testScenarios = ({ scenarios }: ScenarioFile): Tested[] =>
  scenarios.map((scenario) => ({
    name: `${scenario.id} ${scenario.title}`.trim(),
    verdict: runScenario(scenario),
  }));

/** `rules` are those of the file's `rule_files`. */
export const testSeries = (
  { tests, evaluation_interval }: SeriesFile,
  rules: readonly NewRule[],
): Tested[] =>
  tests.map((test) => {
    try {
      const difference = runSeriesTest(test, rules, evaluation_interval ?? null);
      return { name: test.name, verdict: { difference } };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { name: test.name, verdict: { wrong: error.message } };
    }
  });

export const differenceText = ({ row, column, expected, found }: Difference): string =>
  `${row}, ${column}: expected ${expected || "nothing"}, found ${found || "nothing"}`;
