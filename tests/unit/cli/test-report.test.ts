import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPlaywright, readVitest } from "@/lib/cli/test-report";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-report-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(report: unknown): Promise<string> {
  const file = join(folder, "report.json");
  await writeFile(file, JSON.stringify(report));
  return file;
}

const vitestReport = {
  numPassedTests: 3,
  numFailedTests: 1,
  testResults: [
    { name: "a.test.ts", status: "failed", message: "no such module", assertionResults: [] },
    {
      name: "b.test.ts",
      status: "failed",
      message: "",
      assertionResults: [
        { status: "passed", fullName: "adds", failureMessages: [] },
        {
          status: "failed",
          fullName: "divides",
          failureMessages: ["\u001b[31mwrong\u001b[39m\n at"],
        },
      ],
    },
  ],
};

describe("the report of Vitest", () => {
  it("names what failed, and counts a file that cannot be loaded", async () => {
    expect(await readVitest(await fileOf(vitestReport), 1)).toEqual({
      passed: 3,
      failed: 2,
      told: ["a.test.ts\n    no such module", "b.test.ts divides\n    wrong\n     at"],
    });
  });

  it("counts a run that failed without a failed test, and one that left nothing", async () => {
    const report = { numPassedTests: 3, numFailedTests: 0, testResults: [] };
    expect(await readVitest(await fileOf(report), 1)).toMatchObject({ passed: 3, failed: 1 });
    expect(await readVitest(join(folder, "none.json"), 1)).toMatchObject({ passed: 0, failed: 1 });
  });
});

const spec = (title: string, status: string, error?: string) => ({
  title,
  file: "costs.spec.ts",
  tests: [
    {
      status,
      projectName: "desktop",
      results: [{ ...(error ? { error: { message: error } } : {}) }, {}],
    },
  ],
});

describe("the report of Playwright", () => {
  it("names what failed and what passed at its second try, however deep", async () => {
    const suites = [
      {
        specs: [spec("shows", "expected")],
        suites: [
          { specs: [spec("sums", "unexpected", "off by one"), spec("zooms", "flaky", "late")] },
        ],
      },
    ];
    const stats = { expected: 1, unexpected: 1, flaky: 1 };
    expect(await readPlaywright(await fileOf({ stats, suites }), 1)).toEqual({
      passed: 2,
      failed: 1,
      told: [
        "costs.spec.ts sums [desktop]\n    off by one",
        "costs.spec.ts zooms [desktop] (passed at its second try)\n    late",
      ],
    });
  });
});
