import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { commandOrigin, within } from "@/lib/audit/origin";
import { disconnect } from "@/lib/db/client";
import { openDatabase } from "@/lib/db/open";
import { StartupError } from "@/lib/env";
import { plain } from "@/lib/format";
import { type ImportHints, parseImportFile } from "@/lib/ingest/import-file";
import { recordImport } from "@/lib/ingest/import-service";
import type { RejectedAnswer } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";

const USAGE = `npm run import -- [--session ID] [--thread ID] [--model ID] FILE…
  Takes event lists (JSON or JSONL, with or without envelopes) and bundles of sessions, threads and
  events. Where a file does not name its session, thread or model, the options do.`;

const BATCH = 2_000;
const SHOWN_REASONS = 10;

/** `npm run import -- FILE…`: says per file what was taken and what was rejected and why. */
export default async function importFiles(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args);
  if (positionals.length === 0) throw new StartupError(`No file given.\n${USAGE}`);
  const database = await openDatabase();
  let failed = 0;
  try {
    for (const path of positionals)
      if (!(await within(commandOrigin("npm run import"), () => importFile(path, values))))
        failed++;
  } finally {
    await disconnect();
    await database.stop();
  }
  return failed > 0 ? 1 : 0;
}

function readArgs(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        session: { type: "string" },
        thread: { type: "string" },
        model: { type: "string" },
      },
    });
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n${USAGE}`);
  }
}

async function importFile(path: string, hints: ImportHints): Promise<boolean> {
  const text = await readFile(path, "utf8").catch((error: Error) => error);
  if (typeof text !== "string") return say(path, `cannot be read: ${text.message}`, false);
  const parsed = parseImportFile(basename(path), text, hints);
  if (parsed.needs) return say(path, "names no session: give one with --session ID", false);
  const total = { accepted: 0, duplicates: 0, updated: 0 };
  const reasons = parsed.rejected.map(({ line, message }) => `line ${line}: ${message}`);
  for (let from = 0; from < parsed.items.length; from += BATCH) {
    const batch = parsed.items.slice(from, from + BATCH);
    const origin = { workspace: "default", connectionId: "", source: "import" as const };
    const answer = await acceptItems(origin, batch, [], new Date());
    total.accepted += answer.accepted;
    total.duplicates += answer.duplicates;
    total.updated += answer.updated;
    reasons.push(...answer.rejected.map(reasonOf));
    if (parsed.items.length > BATCH)
      process.stdout.write(`${path}: ${from + batch.length} of ${parsed.items.length} items\n`);
  }
  if (parsed.items.length > 0)
    await recordImport("default", { ...total, rejected: reasons }, basename(path));
  const found = parsed.notes.length > 0 ? parsed.notes.join(", ") : "nothing";
  say(
    path,
    `${found}: ${total.accepted} new, ${total.updated} updated, ${total.duplicates} already here, ${reasons.length} rejected`,
    true,
  );
  for (const reason of reasons.slice(0, SHOWN_REASONS))
    process.stdout.write(`  ${plain(reason)}\n`);
  if (reasons.length > SHOWN_REASONS)
    process.stdout.write(
      `  … and ${reasons.length - SHOWN_REASONS} more, kept with their reasons\n`,
    );
  return reasons.length === 0;
}

function reasonOf(rejected: RejectedAnswer): string {
  return `item ${rejected.index + 1} (${rejected.kind}): ${rejected.message}`;
}

function say(path: string, text: string, ok: boolean): boolean {
  process.stdout.write(`${path}: ${plain(text)}\n`);
  return ok;
}
