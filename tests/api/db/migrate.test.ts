import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { applyMigrations, isPrepared, MIGRATIONS, readMigrations } from "@/lib/db/migrate";
import { createDatabase, type TestDatabase } from "../../support/database";

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-migrations-"));
});
beforeEach(async () => {
  await rm(folder, { recursive: true });
  await cp(MIGRATIONS, folder, { recursive: true });
  database = await createDatabase("migrate");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, "migration.sql"), sql);
}

it("finds nothing to do on a prepared database", async () => {
  expect(await isPrepared(database.url)).toBe(true);
  expect(await applyMigrations(database.url)).toEqual([]);
});

it("takes an empty database to the present state, and does it once however many ask", async () => {
  await database.pool.query("drop schema public cascade; create schema public");
  expect(await isPrepared(database.url)).toBe(false);
  const names = (await readMigrations()).map((migration) => migration.name);
  const answers = await Promise.all([1, 2, 3].map(() => applyMigrations(database.url)));
  expect(answers.filter((answer) => answer.length > 0)).toEqual([names]);
  expect(await database.prisma.workspace.count()).toBe(1);
});

it("sends a migration whole: semicolons in functions, strings and comments do not cut it", async () => {
  await addMigration(
    "99990101000000_function",
    "-- one; two\ncreate function twice(n int) returns int language plpgsql as $$ begin n := n * 2; return n; end; $$;\ncreate table semi (t text default ';');",
  );
  expect(await applyMigrations(database.url, folder)).toEqual(["99990101000000_function"]);
  expect((await database.pool.query("select twice(21)")).rows).toEqual([{ twice: 42 }]);
});

it("leaves nothing of a migration that fails, and tries it again when it is put right", async () => {
  await addMigration("99990101000000_bad", "create table half (id int); select 1/0;");
  await expect(applyMigrations(database.url, folder)).rejects.toThrow(
    /99990101000000_bad: .*division by zero/,
  );
  const half = await database.pool.query("select to_regclass('half') as name");
  expect(half.rows).toEqual([{ name: null }]);
  await writeFile(
    join(folder, "99990101000000_bad", "migration.sql"),
    "create table half (id int)",
  );
  expect(await applyMigrations(database.url, folder)).toEqual(["99990101000000_bad"]);
});

it("refuses a database that is newer than the code", async () => {
  await addMigration("99990101000000_later", "create table later (id int)");
  await applyMigrations(database.url, folder);
  await expect(applyMigrations(database.url)).rejects.toThrow(
    "The database is newer than this version of Watchkeeper (it has the migration 99990101000000_later). Start the newer version, or use another database.",
  );
});

it("refuses a migration that was edited after it was applied", async () => {
  await addMigration("99990101000000_edited", "create table edited (id int)");
  await applyMigrations(database.url, folder);
  await writeFile(join(folder, "99990101000000_edited", "migration.sql"), "select 1");
  await expect(applyMigrations(database.url, folder)).rejects.toThrow(
    /^The migration 99990101000000_edited was changed after this database applied it/,
  );
});
