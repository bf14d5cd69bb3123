import { readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parse, stringify } from "yaml";
import type { NewRule } from "@/lib/alerts/rule-schema";
import {
  differenceText,
  type Tested,
  testFileOf,
  testScenarios,
  testSeries,
} from "@/lib/alerts/rule-test";
import { briefOf, type Change, changesOf, rulesIn } from "@/lib/alerts/rules-file";
import { env, StartupError } from "@/lib/env";
import { plain } from "@/lib/format";
import { call, exportedRules, readRules, type Server } from "./rules-api";

const USAGE = `npm run -s rules -- test FILE…            runs scenarios, or tests in promtool's form; exits 1 if one differs
npm run -s rules -- diff FILE             what applying the file would change; exits 1 if anything
npm run -s rules -- apply FILE [--prune]  makes and changes rules by their names; --prune deletes all others
npm run -s rules -- export [FILE]         every rule, as YAML
  --url and --key name another server than this installation's own, and the API key to use.`;

/** `npm run rules`: rules as code, and their tests. */
export default async function rules(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args);
  const [command, ...files] = positionals;
  const [file] = files;
  if (command === "test" && files.length > 0) return testFiles(files);
  if (command === "export" && files.length < 2) return exportRules(serverOf(values), file);
  if (command === "diff" && file && files.length === 1) return showChanges(serverOf(values), file);
  if (command === "apply" && file && files.length === 1)
    return applyRules(serverOf(values), file, values.prune === true);
  throw new StartupError(USAGE);
}

function readArgs(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        url: { type: "string" },
        key: { type: "string" },
        prune: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n${USAGE}`);
  }
}

function serverOf({ url, key = env.WATCHKEEPER_INIT_API_KEY }: { url?: string; key?: string }) {
  if (!key)
    throw new StartupError("No API key: give one with --key, or set WATCHKEEPER_INIT_API_KEY.");
  const own = env.WATCHKEEPER_PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  return { url: (url ?? own).replace(/\/+$/, ""), key };
}

const say = (text: string) => process.stdout.write(`${plain(text)}\n`);

async function read(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new StartupError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

async function readFileOfRules(path: string): Promise<NewRule[]> {
  const found = rulesIn(await read(path));
  if ("rules" in found) return found.rules;
  const lines = found.issues.map((issue) => `\n  ${issue.path}: ${issue.message}`).join("");
  throw new StartupError(`${path}: not all of it are rules${lines}`);
}

async function testFiles(files: readonly string[]): Promise<number> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files)
    for (const { name, verdict } of await testFile(file)) {
      if ("skipped" in verdict) {
        count.skipped++;
        say(`${file}: ${name}: skipped, ${verdict.skipped}`);
      } else if ("difference" in verdict && verdict.difference === null) {
        count.passed++;
        say(`${file}: ${name}: ok`);
      } else {
        count.failed++;
        const text =
          "wrong" in verdict
            ? verdict.wrong
            : verdict.difference && differenceText(verdict.difference);
        say(`${file}: ${name}: ${text}`);
      }
    }
  say(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped.`);
  return count.failed > 0 ? 1 : 0;
}

async function testFile(path: string): Promise<Tested[]> {
  const test = testFileOf(await read(path));
  if (test.kind === "unreadable")
    throw new StartupError(`${path}: neither scenarios nor tests\n  ${test.issues.join("\n  ")}`);
  if (test.kind === "scenarios") return testScenarios(test.file);
  const rules: NewRule[] = [];
  for (const name of test.file.rule_files)
    rules.push(...(await readFileOfRules(resolve(dirname(path), name))));
  return testSeries(test.file, rules);
}

const SIGNS = { new: "+", changed: "~", extra: "-" } as const;

function show(change: Change): void {
  const words = { new: "new", changed: "changed", extra: "not in the file" }[change.kind];
  say(`${SIGNS[change.kind]} ${change.rule.name} (${words})`);
  if (change.kind === "changed") for (const field of change.fields) say(`    ${field}`);
}

async function showChanges(server: Server, file: string): Promise<number> {
  const changes = changesOf(await readFileOfRules(file), await readRules(server));
  for (const change of changes) show(change);
  say(changes.length === 0 ? "No differences." : `${changes.length} differences.`);
  return changes.length === 0 ? 0 : 1;
}

async function applyRules(server: Server, file: string, prunes: boolean): Promise<number> {
  const changes = changesOf(await readFileOfRules(file), await readRules(server));
  let left = 0;
  for (const change of changes) {
    if (change.kind === "extra" && !prunes) {
      left++;
      continue;
    }
    show(change);
    if (change.kind === "new") await call(server, "POST", "/api/v1/rules", change.rule);
    else if (change.kind === "changed")
      await call(server, "PUT", `/api/v1/rules/${change.id}`, change.rule);
    else await call(server, "DELETE", `/api/v1/rules/${change.id}`);
  }
  say(`${changes.length - left} of ${changes.length} differences applied.`);
  if (left > 0) say(`${left} rules that the file does not have stay; --prune deletes them.`);
  return 0;
}

async function exportRules(server: Server, file: string | undefined): Promise<number> {
  const known = await exportedRules(server);
  const text = stringify({ rules: known.map(({ rule }) => briefOf(rule)) });
  if (file === undefined) process.stdout.write(text);
  else await writeFile(file, text);
  return 0;
}
