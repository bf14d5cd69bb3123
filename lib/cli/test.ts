import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { childEnv, env, StartupError } from "@/lib/env";
import { buildIfChanged } from "./build";
import { findPostgres15 } from "./postgres15";
import { type Counts, readPlaywright, readVitest } from "./test-report";

type Step = { name: string; run(): Promise<Counts | string> };

const RESULTS = "tests/.results";

/** In this order; `npm test -- unit api` runs only those. A string instead of counts: why it was left out. */
const STEPS: Step[] = [
  {
    name: "lint",
    run: () => oneCheck("node_modules/@biomejs/biome/bin/biome", ["check", "--error-on-warnings"]),
  },
  { name: "types", run: checkTypes },
  { name: "unit", run: () => vitest("unit") },
  { name: "api", run: () => vitest("api") },
  { name: "browser", run: browser },
  { name: "api15", run: apiOnPostgres15 },
];

/** `npm test`: everything, whatever fails on the way; the last line tells the sum. */
export default async function test(only: string[]): Promise<number> {
  const unknown = only.find((name) => !STEPS.some((step) => step.name === name));
  if (unknown) {
    const names = STEPS.map((step) => step.name).join(", ");
    throw new StartupError(`Unknown step "${unknown}". Known: ${names}.`);
  }
  await mkdir(RESULTS, { recursive: true });
  const sum = { passed: 0, failed: 0 };
  const lines: string[] = [];
  const told: string[] = [];
  for (const step of STEPS.filter(({ name }) => only.length === 0 || only.includes(name))) {
    if (step.name === "api15" && !env.CI && only.length === 0) continue;
    process.stdout.write(`\n── ${step.name}\n`);
    const result = await step.run();
    const counts: Counts = typeof result === "string" ? { passed: 0, failed: 0 } : result;
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    const words = typeof result === "string" ? `left out: ${result}` : wordsOf(counts);
    lines.push(`${step.name.padEnd(8)} ${words}`);
    told.push(...(counts.told ?? []).map((line) => `${step.name}: ${line}`));
  }
  // Again at the end: of a long log, often only that is kept.
  if (told.length > 0) process.stdout.write(`\n── failed\n${told.join("\n\n")}\n`);
  process.stdout.write(`\n${lines.join("\n")}\n\n${wordsOf(sum)}\n`);
  return sum.failed === 0 ? 0 : 1;
}

function wordsOf({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}

async function oneCheck(program: string, args: string[]): Promise<Counts> {
  const code = await node([program, ...args]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Next writes the types of its routes itself; a fresh clone has none. */
async function checkTypes(): Promise<Counts> {
  await node(["node_modules/next/dist/bin/next", "typegen"]);
  return oneCheck("node_modules/typescript/bin/tsc", ["--noEmit", "-p", "."]);
}

async function vitest(project: string, options: Options = {}): Promise<Counts> {
  const file = join(RESULTS, `${options.name ?? project}.json`);
  await rm(file, { force: true });
  const code = await node(
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      ...["--config", "tests/vitest.config.ts", "--project", project],
      ...["--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
      ...(options.args ?? []),
    ],
    { ...options.env, ...(env.CI ? { TEST_IN_CI: "yes" } : {}) },
  );
  return readVitest(file, code);
}

type Options = { name?: string; args?: string[]; env?: Record<string, string> };

async function browser(): Promise<Counts | string> {
  const { findBrowser, installBrowser, installShell } = await import(
    "@/tests/support/find-browser"
  );
  if (env.CI) installShell();
  if (!findBrowser() && !installBrowser()) {
    process.stdout.write("No Chromium was found, and none could be installed.\n");
    return { passed: 0, failed: 1 };
  }
  const built = await buildIfChanged().then(
    () => true,
    (error: Error) => !process.stdout.write(`${error.message}\n`),
  );
  if (!built) return { passed: 0, failed: 1 };
  const file = join(RESULTS, "browser.json");
  await rm(file, { force: true });
  const cli = "node_modules/@playwright/test/cli.js";
  const code = await node([cli, "test", "--config", "tests/playwright.config.ts"]);
  return readPlaywright(file, code);
}

async function apiOnPostgres15(): Promise<Counts | string> {
  const binDir = await findPostgres15({ install: env.CI });
  if (!binDir) return "there is no PostgreSQL 15 on this machine";
  return vitest("api", {
    name: "api15",
    // These are about the embedded PostgreSQL itself or other programs beside it, mostly wait, or show
    // what follows from statements that others make this one run as well.
    args: [
      ...[
        "cli/**",
        "db/embedded*",
        "metrics/{prometheus,dimensions}*",
        "alerts/backtest*",
        "oidc/**",
      ],
      ...["auth/{lost-key,rotation,second-factor,break-glass,browser,pages}*"],
      ...["auth/{attempts,doors,people,roles}*", "http/headers*", "fleet/fleet*"],
      ...["retention/{laws,going-on}*", "masking/{corpus,order}*", "costs/{repricing,prices}.*"],
      ...["anthropic/{chaos,sync,tail,omissions,gaps,backfill,claims,objects}*"],
      ...["notify/{alertmanager,email,worker,whole-way,dispatch-killed,deliver}*"],
      ...["ingest/{law-two,bad-input}*"],
    ].map((files) => `--exclude=tests/api/${files}`),
    env: { TEST_POSTGRES_BIN: binDir },
  });
}

function node(args: string[], variables: Record<string, string> = {}): Promise<number> {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: childEnv({ NEXT_TELEMETRY_DISABLED: "1", ...variables }),
    });
    child.on("error", () => done(1));
    child.on("exit", (code) => done(code ?? 1));
  });
}
