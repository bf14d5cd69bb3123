import { beforeEach, describe, expect, test } from "vitest";
import { GET as affected } from "@/app/api/v1/failures/affected/route";
import { GET as groups } from "@/app/api/v1/failures/groups/route";
import { GET as groupSessions } from "@/app/api/v1/failures/groups/sessions/route";
import { GET as stuck } from "@/app/api/v1/failures/stuck/route";
import type { ErrorGroups, GroupSessionsPage, StuckPage } from "@/lib/failures/schema";
import type { JsonObject } from "@/lib/ingest/schema";
import { removeSessions } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import {
  asks,
  at,
  error,
  idle,
  mcpResult,
  mcpUse,
  result,
  running,
  use,
} from "@/tests/support/events";
import { storeItems } from "@/tests/support/stored";

const HOUR = 3600;
const DAY = 24 * HOUR;
let key: { authorization: string };

const object = (id: string, agent: string, fields: JsonObject = {}): SoupItem => ({
  kind: "session",
  threadId: null,
  data: {
    id,
    type: "session",
    created_at: at(-20 * DAY),
    title: `about ${id}`,
    agent: { type: "agent", id: agent, name: agent, version: 3, model: { id: "claude-sonnet-5" } },
    ...fields,
  },
});
const failing = (text: string) => ({ is_error: true, content: [{ type: "text", text }] });
const missing = (id: string, seconds: number, path: string) => [
  use(id, seconds),
  result(id, seconds + 1, failing(`cat: ${path}: No such file or directory`)),
];
const MISSING = "tool\t\tbash\t\tcat: <path>: No such file or directory";
const OVERLOADED = "session\tmodel_overloaded_error\t\t\tOverloaded, request <id>";
const MCP = "tool\t\tlist_issues\tgithub\tHTTP 503 from <url>";

/** Ten days before the range and in it; in it, the last in its second hour. */
const BASH = [
  object("sesn_a", "agent_1"),
  running(-10 * DAY),
  ...missing("old", -10 * DAY + 5, "/srv/1.txt"),
  idle(-10 * DAY + 9),
  running(10),
  ...missing("new1", 20, "/tmp/x/2.txt"),
  ...missing("new2", HOUR + 20, "/tmp/3"),
  idle(HOUR + 40),
];
const OVERLOAD = [
  object("sesn_b", "agent_2", { metadata: { tenant: "acme" } }),
  running(0),
  error(5, "retrying", "model_overloaded_error", "Overloaded, request req_011CZkTbVn"),
  error(9, "exhausted", "model_overloaded_error", "Overloaded, request req_92ZZkTbVn"),
  idle(10, "retries_exhausted"),
];
const SERVER = [
  object("sesn_c", "agent_2"),
  running(0),
  ...missing("c1", 3, "./y.txt"),
  mcpUse("m1", 30),
  mcpResult("m1", 31, failing("HTTP 503 from https://mcp.example.com/v1")),
  idle(60),
];

beforeEach(async () => {
  await truncateAll();
  key = await bearer("read");
  await storeItems("sesn_a", BASH);
  await storeItems("sesn_b", OVERLOAD);
  await storeItems("sesn_c", SERVER);
});

const RANGE = `from=${at(0)}&to=${at(2 * HOUR)}`;
async function ask<T>(handler: Parameters<typeof call>[0], path: string): Promise<T> {
  const { status, body } = await call(handler, `/api/v1/failures/${path}`, { headers: key });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as T;
}
const askGroups = (query = "") => ask<ErrorGroups>(groups, `groups?${RANGE}${query}`);
const named = (key: string) => encodeURIComponent(key);

describe("error groups", () => {
  test("are told apart by what they say, with when, how often and where", async () => {
    expect(await askGroups()).toEqual({
      groups: 3,
      step: "1h",
      times: ["2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"],
      complete_until: expect.any(String),
      data: [
        {
          ...{ key: MISSING, kind: "tool", error_type: null, tool: "bash", mcp_server: null },
          message: "cat: <path>: No such file or directory",
          ...{ count: 3, points: [2, 1], sessions: 2 },
          first_seen: "2026-11-10T10:00:00Z",
          last_seen: "2026-11-20T11:00:00Z",
          ...{ state: "regressed", quiet_ms: 10 * DAY * 1000 },
        },
        {
          ...{ key: OVERLOADED, kind: "session", error_type: "model_overloaded_error" },
          ...{ tool: null, mcp_server: null, message: "Overloaded, request <id>" },
          ...{ count: 2, points: [2, 0], sessions: 1 },
          first_seen: "2026-11-20T10:00:00Z",
          last_seen: "2026-11-20T10:00:00Z",
          ...{ state: "new", quiet_ms: null },
        },
        {
          ...{ key: MCP, kind: "tool", error_type: null, tool: "list_issues" },
          ...{ mcp_server: "github", message: "HTTP 503 from <url>" },
          ...{ count: 1, points: [1, 0], sessions: 1 },
          first_seen: "2026-11-20T10:00:00Z",
          last_seen: "2026-11-20T10:00:00Z",
          ...{ state: "new", quiet_ms: null },
        },
      ],
    });
  });

  test.each([
    ["&limit=1", [MISSING], 3],
    [`&group=${named(MCP)}`, [MCP], 1],
    ["&agent=agent_2", [OVERLOADED, MISSING, MCP], 3],
    ["&metadata.tenant=acme", [OVERLOADED], 1],
    ["&tool=list_issues", [MISSING, MCP], 2],
    ["&outcome=waiting", [], 0],
  ])("with %s are %j", async (query, keys, total) => {
    const { data, groups } = await askGroups(query);
    expect(data.map(({ key }) => key)).toEqual(keys);
    expect(groups).toBe(total);
  });

  test("are not new where there was nothing before the range", async () => {
    const all = `groups?from=${at(-30 * DAY)}&to=${at(2 * HOUR)}&step=1d`;
    const { data } = await ask<ErrorGroups>(groups, all);
    expect(data.map(({ key, state }) => [key, state])).toEqual([
      [MISSING, "regressed"],
      [OVERLOADED, "known"],
      [MCP, "known"],
    ]);
  });

  test("count sessions of the filter, but have been seen wherever it was", async () => {
    const { data } = await askGroups(`&agent=agent_2&group=${named(MISSING)}`);
    expect(data).toMatchObject([{ count: 1, sessions: 1, first_seen: "2026-11-10T10:00:00Z" }]);
  });

  test("stay as they are when the same comes again, and move with what comes late or goes", async () => {
    const before = await askGroups();
    await storeItems("sesn_b", [...OVERLOAD].reverse());
    await storeItems("sesn_a", BASH);
    expect((await askGroups()).data).toEqual(before.data);
    const late = error(
      -DAY,
      "retrying",
      "model_overloaded_error",
      "Overloaded, request req_77Zabcd",
    );
    await storeItems("sesn_b", [late]);
    expect((await askGroups(`&group=${named(OVERLOADED)}`)).data).toMatchObject([
      { count: 2, state: "known", first_seen: "2026-11-19T10:00:00Z" },
    ]);
    // A call's own result stands, not what its thread's parent repeats of it: it did not fail.
    await storeItems("sesn_c", [
      { ...result("c1", 2, { session_thread_id: null }), threadId: "sthr_own" },
    ]);
    expect((await askGroups("&agent=agent_2")).data.map(({ key }) => key)).toEqual([
      OVERLOADED,
      MCP,
    ]);
    await removeSessions({ workspace: "default", source: "push" });
    expect((await askGroups()).data).toEqual([]);
  });

  test.each([
    ["groups?from=2026-11-20T10:00:00Z&to=2026-11-20T09:00:00Z", "before `to`"],
    [`groups?${RANGE}&group=nothing`, "error group"],
    [`groups?${RANGE}&limit=201`, "limit"],
    ["groups", "from"],
  ])("%s is refused with what to do", async (path, words) => {
    const { status, text } = await call(groups, `/api/v1/failures/${path}`, { headers: key });
    expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining(words) });
  });
});

describe("the sessions of a group", () => {
  const path = `groups/sessions?${RANGE}&group=${named(MISSING)}`;
  test("are those it was in, the last first, with the event to look at", async () => {
    const agent = (id: string) => ({ id, name: id, version: 3 });
    expect(await ask(groupSessions, path)).toEqual({
      data: [
        {
          session: {
            ...{ id: "sesn_a", connection_id: null, title: "about sesn_a" },
            ...{ outcome: "completed", agent: agent("agent_1") },
          },
          ...{ count: 2, last_at: "2026-11-20T11:00:00Z", event_id: "new2.agent.tool_result" },
        },
        {
          session: {
            ...{ id: "sesn_c", connection_id: null, title: "about sesn_c" },
            ...{ outcome: "completed", agent: agent("agent_2") },
          },
          ...{ count: 1, last_at: "2026-11-20T10:00:00Z", event_id: "c1.agent.tool_result" },
        },
      ],
      next_cursor: null,
    });
  });

  test("come page after page", async () => {
    const first = await ask<GroupSessionsPage>(groupSessions, `${path}&limit=1`);
    expect(first.data.map(({ session }) => session.id)).toEqual(["sesn_a"]);
    const next = await ask<GroupSessionsPage>(
      groupSessions,
      `${path}&limit=1&cursor=${first.next_cursor}`,
    );
    expect(next.data.map(({ session }) => session.id)).toEqual(["sesn_c"]);
    expect(next.next_cursor).toBeNull();
  });

  test("of an error of the session name the error", async () => {
    const { data } = await ask<GroupSessionsPage>(
      groupSessions,
      `groups/sessions?${RANGE}&group=${named(OVERLOADED)}`,
    );
    expect(data).toMatchObject([{ event_id: "session.error@9", count: 2 }]);
  });
});

test("tools and servers have touched sessions, counted once each", async () => {
  expect(await ask(affected, `affected?${RANGE}`)).toEqual({
    tools: {
      total: 2,
      data: [
        { name: "bash", sessions: 2 },
        { name: "list_issues", sessions: 1 },
      ],
    },
    mcp_servers: { total: 1, data: [{ name: "github", sessions: 1 }] },
  });
  expect(await ask(affected, `affected?${RANGE}&limit=1&agent=agent_1`)).toEqual({
    tools: { total: 1, data: [{ name: "bash", sessions: 1 }] },
    mcp_servers: { total: 0, data: [] },
  });
});

describe("what is stuck", () => {
  beforeEach(async () => {
    await storeItems("sesn_wait", [
      object("sesn_wait", "agent_1"),
      running(100),
      use("ask", 110, { evaluated_permission: "ask" }),
      asks(120, "ask"),
    ]);
    await storeItems("sesn_silent", [object("sesn_silent", "agent_2"), running(50)]);
  });

  test("waits or is silent, the longest first", async () => {
    const agent = (id: string) => ({ id, name: id, version: 3 });
    const cost_nanos = expect.any(Number);
    expect(await ask(stuck, "stuck")).toEqual({
      data: [
        {
          ...{ kind: "silent", since: "2026-11-20T10:00:50.000000Z", waiting_for: [], cost_nanos },
          session: {
            ...{ id: "sesn_silent", connection_id: null, title: "about sesn_silent" },
            ...{ outcome: "running", agent: agent("agent_2") },
          },
        },
        {
          ...{ kind: "waiting", since: "2026-11-20T10:02:00.000000Z", cost_nanos },
          waiting_for: [{ id: "ask", name: "bash", kind: "human" }],
          session: {
            ...{ id: "sesn_wait", connection_id: null, title: "about sesn_wait" },
            ...{ outcome: "waiting", agent: agent("agent_1") },
          },
        },
      ],
      next_cursor: null,
      ...{ waiting: 1, silent: 1 },
    });
  });

  test("comes page after page, counted whole, and by its filter", async () => {
    const first = await ask<StuckPage>(stuck, "stuck?limit=1");
    const next = await ask<StuckPage>(stuck, `stuck?limit=1&cursor=${first.next_cursor}`);
    expect([...first.data, ...next.data].map(({ session }) => session.id)).toEqual([
      "sesn_silent",
      "sesn_wait",
    ]);
    expect(next).toMatchObject({ next_cursor: null, waiting: 1, silent: 1 });
    expect(await ask(stuck, "stuck?agent=agent_1")).toMatchObject({ waiting: 1, silent: 0 });
  });

  test("is over when it goes on", async () => {
    await storeItems("sesn_silent", [idle(90)]);
    expect(await ask(stuck, "stuck")).toMatchObject({ waiting: 1, silent: 0 });
  });
});
