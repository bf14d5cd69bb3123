import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";

/** `told`: a failed test each, with its file and the first lines of its error; also one that passed at its second try. */
export type Counts = { passed: number; failed: number; told?: string[] };

const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

/** What a run of Vitest left in `file`, as its JSON reporter writes it. */
export function readVitest(file: string, code: number): Promise<Counts> {
  return read(file, code, (report) => {
    const { numPassedTests, numFailedTests, testResults } = VitestReport.parse(report);
    // A file that cannot be loaded has no tests to count.
    const unread = testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    );
    const failed = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === "failed")
        .map((test) => tellOf(`${name} ${test.fullName}`, test.failureMessages?.[0])),
    );
    return {
      passed: numPassedTests,
      failed: numFailedTests + unread.length,
      told: [...unread.map(({ name, message }) => tellOf(name, message)), ...failed],
    };
  });
}

const Test = z.object({
  status: z.string(),
  projectName: z.string(),
  results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })),
});
const Suite = z.object({
  specs: z.array(z.object({ title: z.string(), file: z.string(), tests: z.array(Test) })),
  get suites() {
    return z.array(Suite).optional();
  },
});
const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  suites: z.array(Suite),
});

/** What a run of Playwright left in `file`, as its JSON reporter writes it. */
export function readPlaywright(file: string, code: number): Promise<Counts> {
  return read(file, code, (report) => {
    const { stats, suites } = PlaywrightReport.parse(report);
    const told = suites.flatMap(specsOf).flatMap(({ title, file, tests }) =>
      tests
        .filter(({ status }) => status === "unexpected" || status === "flaky")
        .map(({ status, projectName, results }) => {
          const again = status === "flaky" ? " (passed at its second try)" : "";
          const message = results.find(({ error }) => error)?.error?.message;
          return tellOf(`${file} ${title} [${projectName}]${again}`, message);
        }),
    );
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected, told };
  });
}

function specsOf(suite: z.infer<typeof Suite>): z.infer<typeof Suite>["specs"] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}

const LINES = 12;

function tellOf(title: string, message = ""): string {
  const plain = message.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g"), "");
  const lines = plain.split("\n").slice(0, LINES);
  return [title, ...lines.map((line) => `    ${line.slice(0, 300)}`)].join("\n");
}

/** What a report counts; a run that failed without a failed test counts as one. */
async function read(
  file: string,
  code: number,
  count: (report: unknown) => Counts,
): Promise<Counts> {
  const found = existsSync(file) ? count(JSON.parse(await readFile(file, "utf8"))) : undefined;
  const counts = found ?? { passed: 0, failed: 1, told: ["it left no report, see above"] };
  return code !== 0 && counts.failed === 0
    ? { ...counts, failed: 1, told: [...(counts.told ?? []), `it ended with ${code}, see above`] }
    : counts;
}
