import { beforeAll, describe, expect, it } from "vitest";
import { GET as counts } from "@/app/api/v1/sessions/counts/route";
import { GET as exported } from "@/app/api/v1/sessions/export/route";
import { GET as list } from "@/app/api/v1/sessions/route";
import { pool } from "@/lib/db/client";
import type { SessionCounts } from "@/lib/sessions/detail-schema";
import type { SessionItem, SessionsPage } from "@/lib/sessions/schema";
import { fillListData } from "@/tests/bench/list-data";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { parseCsv } from "@/tests/support/csv";
import { truncateAll } from "@/tests/support/database";

let headers: { authorization: string };
beforeAll(async () => {
  await truncateAll();
  headers = await bearer("read");
  const client = await pool().connect();
  try {
    await fillListData(client, { sessions: 700, eventsPerSession: 0, days: 6 });
    await client.query(
      `update session set title = '=cmd|"a", b', metadata = metadata || '{"note": "a\\nb"}'
       where session_id = (select min(session_id) from session)`,
    );
  } finally {
    client.release();
  }
});

const get = (handler: typeof list, search: string) => call(handler, `/x${search}`, { headers });

async function all(search: string): Promise<SessionItem[]> {
  const items: SessionItem[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: SessionsPage = (
      await get(list, `?limit=200&${search}${cursor && `&cursor=${cursor}`}`)
    ).body as SessionsPage;
    items.push(...page.data);
    cursor = page.next_cursor;
  }
  return items;
}

async function countsOf(search: string): Promise<SessionCounts> {
  const { status, body } = await get(counts, `?${search}`);
  expect(status).toBe(200);
  return body as SessionCounts;
}

/** How often each value occurs, most often first, then by value. */
function tally(values: (string | number | null)[]) {
  const sums = new Map<string, number>();
  for (const value of values)
    if (value !== null) sums.set(`${value}`, (sums.get(`${value}`) ?? 0) + 1);
  return [...sums]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

/** Each facet told from the list's items; tools and models of child threads are not among them. */
const FACETS: [
  keyof SessionCounts["facets"],
  string,
  (item: SessionItem) => string | number | null,
][] = [
  ["outcome", "outcome", (item) => item.outcome],
  ["agent", "agent", (item) => item.agent.id],
  ["agent_version", "agent_version", (item) => item.agent.version],
  ["environment", "environment", (item) => item.environment_id],
  ["deployment", "deployment", (item) => item.deployment_id],
  ["model", "model", (item) => item.model],
  ["source", "source", (item) => item.source],
];

describe("counts", () => {
  it.each([
    {},
    { outcome: "completed" },
    { outcome: ["refused", "completed"], agent: "agent_1" },
    { failed: "true" },
    { agent: ["agent_0", "agent_1"], agent_version: "2", environment: "env_1" },
    { model: "claude-opus-5-5", source: "poll", min_cost_nanos: "1000000" },
    { tool: "grep", "metadata.stage": "test" },
    { "metadata.tenant": "tenant-0", q: "report" },
    { outcome: "nothing-matches".slice(0, 0) || "budget_paused", agent: "agent_none" },
  ])("of %j, each facet under all filters but its own", async (filter) => {
    const params = (without: string[]) =>
      Object.entries(filter)
        .filter(([name]) => !without.includes(name))
        .flatMap(([name, values]) => [values].flat().map((value) => `${name}=${value}`))
        .join("&");
    const found = await countsOf(params([]));
    expect([found.total, found.capped]).toEqual([(await all(params([]))).length, false]);
    for (const [facet, name, read] of FACETS) {
      const own = name === "outcome" ? ["outcome", "failed"] : [name];
      const expected = tally((await all(params(own))).map(read)).slice(0, 50);
      const got = (found.facets[facet] as { value: string; count: number }[]).map(
        ({ value, count }) => ({ value, count }),
      );
      expect([facet, got]).toEqual([facet, expected]);
    }
    for (const { key, values } of found.facets.metadata) {
      const items = await all(params([`metadata.${key}`]));
      const expected = tally(items.map((item) => item.metadata[key] ?? null)).slice(0, 50);
      expect([key, values]).toEqual([key, expected]);
    }
  });

  it("name agents, and count tools and errors", async () => {
    const { facets } = await countsOf("");
    expect(facets.agent[0]).toEqual({
      value: "agent_0",
      label: "agent 0",
      count: expect.any(Number),
    });
    expect(facets.tool.map(({ value }) => value).sort()).toEqual(
      ["bash", "deploy", "grep", "read", "web_search", "write"].filter((name) =>
        facets.tool.some(({ value }) => value === name),
      ),
    );
    const withErrors = (await all("")).filter(({ errors }) => errors.length > 0);
    const overloaded = facets.error_type.find(({ value }) => value === "model_overloaded_error");
    expect(overloaded?.count).toBe(withErrors.length);
    expect(facets.metadata.map(({ key }) => key)).toContain("tenant");
  });
});

describe("export", () => {
  it("gives every session of the filter as NDJSON, in the list's order and form", async () => {
    const answer = await get(exported, "?format=ndjson&sort=cost&order=asc");
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe(
      'attachment; filename="sessions.ndjson"',
    );
    const lines = answer.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(500);
    expect(lines).toEqual(await all("sort=cost&order=asc"));
  });

  it("gives the same as CSV", async () => {
    const answer = await get(exported, "?outcome=completed&agent=agent_0");
    const [head = [], ...rows] = parseCsv(answer.text);
    const items = await all("outcome=completed&agent=agent_0");
    expect(rows).toHaveLength(items.length);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([head.length]));
    const column = (name: string) => rows.map((row) => row[head.indexOf(name)]);
    expect(column("id")).toEqual(items.map(({ id }) => id));
    expect(column("cost.computed_nanos")).toEqual(
      items.map(({ cost }) => `${cost.computed_nanos}`),
    );
    expect(column("settled_at")).toEqual(items.map(({ settled_at }) => settled_at ?? ""));
    expect(column("metadata").map((text) => JSON.parse(text ?? ""))).toEqual(
      items.map(({ metadata }) => metadata),
    );
  });

  it("lets no title run as a formula", async () => {
    const { text } = await get(exported, "?sort=started_at");
    const [head = [], ...rows] = parseCsv(text);
    const titles = rows.map((row) => row[head.indexOf("title")]);
    expect(titles).toContain(`'=cmd|"a", b`);
    expect(titles.filter((title) => /^[=+\-@]/.test(title ?? ""))).toEqual([]);
  });

  it("gives the names of the columns when there is nothing", async () => {
    expect((await get(exported, "?agent=none")).text).toMatch(/^id,connection_id,title,[^\n]*\n$/);
    expect((await get(exported, "?agent=none&format=ndjson")).text).toBe("");
  });

  it.each(["?format=xml", "?limit=10", "?cursor=x", "?sort=size"])("refuses %s", async (search) => {
    expect((await get(exported, search)).status).toBe(400);
  });
});
