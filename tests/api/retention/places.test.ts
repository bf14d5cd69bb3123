import { beforeAll, expect, it } from "vitest";
import { KINDS_OF_SESSIONS } from "@/lib/audit/actions";
import { pool } from "@/lib/db/client";
import { PLACES } from "@/lib/retention/places";
import { startWorker } from "@/tests/support/sync";

beforeAll(async () => {
  // The queue's tables are made by its first worker.
  await (await startWorker()).stop();
});

/** Columns by table that can hold a name: texts, lists of them and JSON. */
async function columnsOfTexts(): Promise<Map<string, string[]>> {
  const { rows } = await pool().query<{ t: string; c: string[] }>(
    `select c.relname as t, array_agg(a.attname::text) as c
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace)
       and c.relkind in ('r', 'p') and not c.relispartition
       and a.atttypid in ('text'::regtype, 'text[]'::regtype, 'varchar'::regtype, 'json'::regtype,
         'jsonb'::regtype, 'json[]'::regtype, 'jsonb[]'::regtype)
     group by 1`,
  );
  return new Map(rows.map(({ t, c }) => [t, c.filter((name) => name !== "workspace").sort()]));
}

it("says of every column that can hold a name what an erasure does to it", async () => {
  const found = await columnsOfTexts();
  const tables = Object.keys(PLACES).filter((table) => PLACES[table] !== "own" || found.has(table));
  expect(tables.toSorted()).toEqual([...found.keys()].sort());
  for (const [table, place] of Object.entries(PLACES)) {
    if (typeof place === "string") continue;
    const {
      json = [],
      words = [],
      ids = [],
      keys = [],
      named = [],
      apart = [],
      never = [],
    } = place;
    const listed = [...json, ...words, ...ids, ...keys, ...named, ...apart, ...never].sort();
    expect([table, listed]).toEqual([table, found.get(table)]);
    // What is left has to be found again.
    if (named.length > 0) expect([table, place.what]).toEqual([table, expect.any(String)]);
  }
});

it("knows which tables are of one session each by their columns", async () => {
  const found = await columnsOfTexts();
  const ofSessions = [...found].filter(
    ([, columns]) => columns.includes("session_id") || columns.includes("resource_id"),
  );
  const apart = ["billed_cost", "deployment_run", "rejected_item", "resource"];
  expect(
    ofSessions
      .map(([table]) => table)
      .filter((table) => !apart.includes(table))
      .sort(),
  ).toEqual(
    Object.keys(PLACES)
      .filter((table) => PLACES[table] === "session")
      .sort(),
  );
});

it("has the log's trigger hold the list of actions that may be rewritten", async () => {
  const { rows } = await pool().query<{ text: string }>(
    "select prosrc as text from pg_proc where proname = 'refuse_audit_change'",
  );
  const [, list = ""] =
    /split_part\(old\.action, '\.', 1\) in \(([^)]*)\)/.exec(rows[0]?.text ?? "") ?? [];
  const kinds = list.split(",").map((kind) => kind.trim().replaceAll("'", ""));
  expect(kinds).toEqual([...KINDS_OF_SESSIONS]);
});
