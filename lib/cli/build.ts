import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { childEnv, StartupError } from "@/lib/env";

const SOURCES = ["app", "components", "lib", "public", "prisma/schema.prisma"];
const FILES = ["next.config.ts", "proxy.ts", "instrumentation.ts", "package-lock.json"];
const STAMP = ".next/watchkeeper-sources";

/** `npm run build` */
export default async function build(): Promise<void> {
  await buildIfChanged();
}

/** Builds the web application unless the last build was made from the same sources. */
export async function buildIfChanged(signal?: AbortSignal): Promise<void> {
  const sources = await hashSources();
  if (await isBuilt(sources)) return;
  process.stdout.write("Building the web application …\n");
  const code = await new Promise((done) => {
    const child = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
      stdio: ["ignore", "inherit", "inherit"],
      env: childEnv({ NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" }),
      signal,
    });
    child.on("error", done);
    child.on("exit", done);
  });
  if (signal?.aborted) return;
  if (code !== 0) throw new StartupError("The web application could not be built, see above.");
  await writeFile(STAMP, sources);
}

/** Whether the last build was made from the sources as they are. */
export async function isBuilt(sources?: string): Promise<boolean> {
  if (!existsSync(STAMP)) return false;
  return (await readFile(STAMP, "utf8")) === (sources ?? (await hashSources()));
}

async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [...FILES, ...(await Promise.all(SOURCES.map(filesBelow))).flat()]) {
    if (existsSync(file)) hash.update(file).update(await readFile(file));
  }
  return hash.digest("hex");
}

async function filesBelow(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  if (/\.[a-z]+$/.test(path)) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/^lib[\\/](cli|db[\\/]generated)[\\/]/.test(file))
    .sort();
}
