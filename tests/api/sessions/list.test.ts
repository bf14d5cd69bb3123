import { beforeAll, describe, expect, it } from "vitest";
import { pool } from "@/lib/db/client";
import { readSessions, type Ways } from "@/lib/sessions/list-store";
import { FAILED_OUTCOMES } from "@/lib/sessions/outcomes";
import { SessionsQuery } from "@/lib/sessions/query-schema";
import type { Outcome, SessionItem } from "@/lib/sessions/schema";
import { fillListData } from "@/tests/bench/list-data";
import { truncateAll } from "@/tests/support/database";

type Stored = {
  id: string;
  connection: string;
  values: Record<string, number | null>;
  outcome: Outcome;
  agent: string;
  version: string;
  environment: string;
  deployment: string | null;
  source: string;
  models: string[];
  tools: string[];
  errors: string[];
  metadata: Record<string, string>;
  words: string;
};

const SESSIONS = 320;
let stored: Stored[] = [];

/** What is stored, read in the plainest way; instants in micros. */
const READ = `
  select s.session_id as id, s.connection_id as connection, s.outcome, s.agent_id as agent,
    s.agent_version as version, s.environment_id as environment, s.deployment_id as deployment, s.source,
    s.models, s.tools, s.error_types as errors, s.metadata, json_build_object(
      'started_at', extract(epoch from s.started_at) * 1000000, 'settled_at', extract(epoch from s.settled_at) * 1000000,
      'last_event_at', extract(epoch from s.last_event_at) * 1000000, 'cost', s.computed_nanos,
      'duration', s.duration_ms, 'tokens', s.total_tokens, 'tool_errors', s.tool_errors) as values,
    coalesce((select string_agg(m.words::text, ' ') from message_text m
      where m.session_id = s.session_id and m.connection_id = s.connection_id), '') as words
  from session s where s.workspace = 'default'`;

beforeAll(async () => {
  await truncateAll();
  const client = await pool().connect();
  try {
    await fillListData(client, { sessions: SESSIONS, eventsPerSession: 0, days: 6 });
    await client.query(
      "update session set started_at = null where session_id in (select session_id from session order by session_id limit 9)",
    );
    await client.query("update session set tool_errors = 2 where tool_errors > 2");
    // Some came to be something else since they were stored, some have more values than codes are kept of.
    await client.query(`update session set environment_id = 'env_2', deployment_id = 'depl_3',
        agent_id = 'agent_1', agent_version = '2', models = '{claude-opus-5-5}', tools = '{deploy}',
        error_types = '{model_overloaded_error}', metadata = '{"tenant": "tenant-0", "stage": "prod"}',
        outcome = case when outcome = 'completed' then 'terminated' else 'completed' end
      where session_id in (select session_id from session order by session_id limit 25 offset 40)`);
    await client.query(`update session set
        tools = array(select 'tool ' || n from generate_series(1, 120) n) || array['grep']
      where session_id in (select session_id from session order by session_id limit 12 offset 80)`);
    // The same sessions in another workspace, and one id in another connection.
    await client.query(`create temp table copy as select * from session;
      update copy set workspace = 'other'; insert into session select * from copy;
      delete from copy where session_id > (select min(session_id) from copy);
      update copy set workspace = 'default', connection_id = 'conn_2'; insert into session select * from copy`);
    stored = (await client.query<Stored>(READ)).rows;
  } finally {
    client.release();
  }
});

const now = Date.now();
const ago = (days: number) => new Date(now - days * 86_400_000).toISOString();
const us = (iso: string) => Date.parse(iso) * 1000;
const some = (wanted: string | string[], of: string[]) =>
  [wanted].flat().some((x) => of.includes(x));
const within = (value: number | null | undefined, from: string, to: string) =>
  typeof value === "number" && value >= us(from) && value < us(to);

/** Each filter as a query and as what it means. */
const FILTERS: [string, Record<string, unknown>, (row: Stored) => boolean][] = [
  ["none", {}, () => true],
  ["one outcome", { outcome: "completed" }, (row) => row.outcome === "completed"],
  ["outcomes", { outcome: ["waiting", "new"] }, (row) => some(["waiting", "new"], [row.outcome])],
  ["failed", { failed: "true" }, (row) => FAILED_OUTCOMES.includes(row.outcome)],
  ["not failed", { failed: "false" }, (row) => !FAILED_OUTCOMES.includes(row.outcome)],
  ["agent", { agent: "agent_1" }, (row) => row.agent === "agent_1"],
  [
    "agent and version",
    { agent: ["agent_0", "agent_2"], agent_version: "2" },
    (row) => some(["agent_0", "agent_2"], [row.agent]) && row.version === "2",
  ],
  ["environment", { environment: "env_2" }, (row) => row.environment === "env_2"],
  ["deployment", { deployment: "depl_3" }, (row) => row.deployment === "depl_3"],
  ["model", { model: "claude-opus-5-5" }, (row) => row.models.includes("claude-opus-5-5")],
  ["tools", { tool: ["grep", "deploy"] }, (row) => some(["grep", "deploy"], row.tools)],
  ["error", { error_type: "model_overloaded_error" }, (row) => row.errors.length > 0],
  ["source", { source: "sdk" }, (row) => row.source === "sdk"],
  ["metadata", { metadata: { tenant: "tenant-0" } }, (row) => row.metadata.tenant === "tenant-0"],
  [
    "metadata twice",
    { metadata: { tenant: ["tenant-0", "tenant-1"], stage: "prod" } },
    ({ metadata: { tenant = "", stage } }) =>
      some(["tenant-0", "tenant-1"], [tenant]) && stage === "prod",
  ],
  ["cost", { min_cost_nanos: "40000000" }, (row) => Number(row.values.cost) >= 40_000_000],
  ["duration", { min_duration_ms: "60000" }, (row) => Number(row.values.duration) >= 60_000],
  [
    "started",
    { by: "started", from: ago(4), to: ago(1) },
    ({ values }) => within(values.started_at, ago(4), ago(1)),
  ],
  [
    "settled",
    { by: "settled", from: ago(3), to: ago(2) },
    ({ values }) => within(values.settled_at, ago(3), ago(2)),
  ],
  [
    "active",
    { from: ago(3), to: ago(2) },
    ({ values, outcome }) =>
      values.started_at !== null &&
      Number(values.started_at) < us(ago(2)) &&
      (Number(values.last_event_at ?? values.started_at) >= us(ago(3)) || outcome === "running"),
  ],
  ["a common word", { q: "invoice" }, (row) => row.words.includes("'invoice'")],
  ["a word's beginning", { q: "inv" }, (row) => row.words.includes("'inv")],
  ["all of the words", { q: "please urgent" }, () => false],
  ["words of one title", { q: "urgent scan" }, (row) => /'scan'.*'urgent'/.test(row.words)],
  ["nothing to find", { q: "zebra" }, () => false],
  [
    "words and failed",
    { q: "invoice", failed: "true", agent: "agent_1" },
    (row) =>
      row.words.includes("'invoice'") &&
      FAILED_OUTCOMES.includes(row.outcome) &&
      row.agent === "agent_1",
  ],
];
const SORTS = SessionsQuery.shape.sort.unwrap().options;
const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function expected(holds: (row: Stored) => boolean, sort: string, order: string): string[] {
  const sign = order === "asc" ? 1 : -1;
  const rows = stored.filter(holds).sort((a, b) => {
    const [x, y] = [a.values[sort] ?? null, b.values[sort] ?? null];
    if ((x === null) !== (y === null)) return x === null ? 1 : -1;
    const byValue = x === null || y === null ? 0 : x - y;
    const byKey = compareText(a.id, b.id) || compareText(a.connection, b.connection);
    return sign * (byValue || byKey);
  });
  return rows.map(({ id, connection }) => `${id} ${connection}`);
}

const nameOf = ({ id, connection_id }: SessionItem) => `${id} ${connection_id ?? ""}`;

type Reading = { ways?: Ways; limit?: number };

async function readAll(
  filter: Record<string, unknown>,
  { ways, limit = 180 }: Reading = {},
): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const query = SessionsQuery.parse({ limit, ...filter, cursor });
    const page = await readSessions("default", query, ways ? { ways } : {});
    names.push(...page.data.map(nameOf));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return names;
}

// Each way to a page is taken: along the order, gathered and sorted, and along the order to its end.
// Only where the first look fills a page would a match that it passed over be missing.
const READINGS: [string, Reading][] = [
  ["as it comes", {}],
  ["by few at a time", { limit: 5 }],
  ["gathering", { ways: { nearRows: 20, sortableRows: 1_000_000, rareMessages: 3 } }],
  ["walking", { ways: { nearRows: 20, sortableRows: -1, rareMessages: 3 } }],
  [
    "walking by few at a time",
    { limit: 5, ways: { nearRows: 20, sortableRows: -1, rareMessages: 3 } },
  ],
];

describe.each(READINGS)("%s", (_, reading) => {
  it.each(FILTERS)("%s, in every order, page by page", async (_name, filter, holds) => {
    for (const sort of reading.ways || reading.limit
      ? (["started_at", "settled_at", "cost", "tool_errors"] as const)
      : SORTS)
      for (const order of ["asc", "desc"]) {
        const names = await readAll({ ...filter, sort, order }, reading);
        expect([sort, order, names]).toEqual([sort, order, expected(holds, sort, order)]);
      }
  });
});

describe("search", () => {
  const found = async (q: string) => (await readAll({ q })).length;
  it("takes quoted words in their order", async () => {
    expect(await found('"security scan"')).toBeGreaterThan(20);
    expect(await found('"scan security"')).toBe(0);
    expect(await found('"security scan" urgent')).toBe(await found("urgent security scan"));
  });

  it("finds a session by its id, whole or begun, and others' ids whole", async () => {
    const { id } = stored[50] ?? { id: "" };
    expect(await readAll({ q: id })).toEqual([`${id} `]);
    expect(await readAll({ q: id.slice(0, 14) })).toContain(`${id} `);
    expect((await readAll({ q: "agent_3" })).sort()).toEqual(
      expected((row) => row.agent === "agent_3", "cost", "asc").sort(),
    );
  });

  it.each(["' or true --", "foo & | !", ":*", "'", '"', '""', "a\\", "%", "_", "(((", "<->", "🦓"])(
    "takes %j for text",
    async (q) => {
      expect(await found(q)).toBeLessThan(SESSIONS);
    },
  );
});

it("keeps workspaces apart", async () => {
  const other = await readSessions("other", SessionsQuery.parse({ limit: 200 }));
  const nobody = await readSessions("nobody", SessionsQuery.parse({}));
  expect([other.data.length, nobody]).toEqual([200, { data: [], next_cursor: null }]);
});
