import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "@/lib/db/embedded";
import { prepareDatabase } from "@/lib/db/migrate";

declare module "vitest" {
  interface ProvidedContext {
    /** The migrated database that every test's own is cloned from; no test opens it. */
    templateUrl: string;
  }
}

/** Before all API tests: one real Postgres (another one's programs by TEST_POSTGRES_BIN), migrated once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "watchkeeper-test-"));
  const binDir = process.env.TEST_POSTGRES_BIN;
  const postgres = await startEmbedded({
    dataDir,
    ...(binDir ? { binDir } : {}),
    // These tests end processes, never the machine.
    settings: { fsync: "off", full_page_writes: "off" },
  });
  const templateUrl = postgres.url.replace(/[^/]+$/, "template");
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query("create database template");
  await client.end();
  await prepareDatabase(templateUrl);
  project.provide("templateUrl", templateUrl);
  return async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
