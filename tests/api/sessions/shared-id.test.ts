import { beforeAll, describe, expect, it } from "vitest";
import { GET as events } from "@/app/api/v1/sessions/[id]/events/route";
import { GET as find } from "@/app/api/v1/sessions/[id]/find/route";
import { GET as minimap } from "@/app/api/v1/sessions/[id]/minimap/route";
import { GET as session } from "@/app/api/v1/sessions/[id]/route";
import { GET as tools } from "@/app/api/v1/sessions/[id]/tools/route";
import { GET as trace } from "@/app/api/v1/sessions/[id]/trace/route";
import { GET as turns } from "@/app/api/v1/sessions/[id]/turns/route";
import { GET as list } from "@/app/api/v1/sessions/route";
import { PUBLIC_API } from "@/lib/connections/schema";
import { saveConnection } from "@/lib/connections/store";
import { pool, prisma } from "@/lib/db/client";
import type { RouteHandler } from "@/lib/http/route";
import { acceptItems } from "@/lib/ingest/service";
import type { SessionItem, SessionsPage } from "@/lib/sessions/schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

const ID = "sesn_shared";
let headers: { authorization: string };

/** One turn at `hour`, calling one tool; everything in it says whose it is. */
async function store(connectionId: string, who: string, hour: number, id = ID): Promise<void> {
  const at = (second: number) => `2026-11-20T${String(hour).padStart(2, "0")}:00:${10 + second}Z`;
  const event = (name: string, type: string, second: number, more: object = {}) => ({
    kind: "event" as const,
    sessionId: id,
    threadId: null,
    data: { id: `${who}_${name}`, type, processed_at: at(second), ...more },
  });
  const object = { id, title: who, created_at: at(0), updated_at: at(0) };
  const items = [
    { kind: "session" as const, sessionId: id, threadId: null, data: object },
    event("run", "session.status_running", 1),
    event("use", "agent.tool_use", 2, { name: who, input: {} }),
    event("error", "session.error", 3, { error: { type: who, message: who } }),
    event("idle", "session.status_idle", 4, { stop_reason: { type: "end_turn" } }),
  ];
  const origin = { workspace: "default", connectionId, source: "poll" as const };
  const raw = items.map((item, index) => ({ ...item, index }));
  expect((await acceptItems(origin, raw, [], new Date())).rejected).toEqual([]);
}

beforeAll(async () => {
  await truncateAll();
  headers = await bearer("read");
  await store("", "pushed", 10);
  await store("conn_a", "ours", 11);
  await store("conn_b", "theirs", 12);
});

const get = async (handler: RouteHandler, search: string, id = ID) => {
  const answer = await call(handler, `/x${search}`, { headers, params: { id } });
  return { status: answer.status, text: answer.text, body: answer.body };
};
const WHO = ["pushed", "ours", "theirs"];

describe("one id in two connections and without one", () => {
  it.each([
    ["the session", session, "?"],
    ["events", events, "?"],
    ["trace", trace, "?"],
    ["turns", turns, "?"],
    ["tools", tools, "?"],
    ["minimap", minimap, "?buckets=10&"],
    ["find", find, "?what=error&"],
  ])("%s is told of the one that is named", async (what, handler, search) => {
    const marks = what === "minimap" ? ["T10:00", "T11:00", "T12:00"] : WHO;
    for (const [at, connection] of ["", "conn_a", "conn_b"].entries()) {
      const { status, text } = await get(handler, `${search}connection=${connection}`);
      expect([status, marks.map((mark) => text.includes(mark))]).toEqual([
        200,
        marks.map((_, index) => index === at),
      ]);
    }
    expect((await get(handler, `${search}connection=conn_none`)).status).toBe(404);
  });

  it("is in the list once for each, and each row's name leads to it", async () => {
    const { body } = await get(list, `?order=asc&q=${ID}`);
    const rows = (body as SessionsPage).data;
    expect(rows.map(({ title }) => title)).toEqual(WHO);
    for (const row of rows) {
      const search = row.connection_id === null ? "" : `?connection=${row.connection_id}`;
      const found = (await get(session, search)).body as SessionItem;
      expect(found.title).toBe(row.title);
    }
  });

  it("without a connection's, the one active last is meant", async () => {
    await store("conn_b", "later", 9, "sesn_two");
    await store("conn_a", "earlier", 8, "sesn_two");
    expect(((await get(session, "", "sesn_two")).body as SessionItem).title).toBe("later");
  });
});

describe("the way to the provider's Console", () => {
  const connection = (id: string, base: string, remoteWorkspaceId: string | null) =>
    saveConnection(prisma, {
      workspace: "default",
      id,
      name: id,
      baseUrl: base,
      apiKeySealed: "",
      apiKeyHint: "",
      readsPerMinute: 1,
      state: "live",
      onDelete: "keep",
      remoteWorkspaceId,
    });
  const urlOf = async (search: string) =>
    ((await get(session, search)).body as SessionItem).console_url;

  it("names the workspace, and is not there where it could be wrong", async () => {
    await connection("conn_a", PUBLIC_API, "wrkspc_01A");
    await connection("conn_b", "https://agents.example.com", "wrkspc_01B");
    const url = "https://platform.claude.com/workspaces/wrkspc_01A/sessions/sesn_shared";
    expect(await urlOf("?connection=conn_a")).toBe(url);
    expect(await urlOf("?connection=conn_b")).toBeNull();
    expect(await urlOf("")).toBeNull();
    const rows = ((await get(list, `?order=asc&q=${ID}`)).body as SessionsPage).data;
    expect(rows.map(({ console_url }) => console_url)).toEqual([null, url, null]);
    await prisma.connection.updateMany({ data: { remoteWorkspaceId: null } });
    expect(await urlOf("?connection=conn_a")).toBeNull();
  });

  it("ends where the session was deleted there", async () => {
    await prisma.connection.updateMany({ data: { remoteWorkspaceId: "wrkspc_01A" } });
    await pool().query("update session set deleted_at = now() where connection_id = 'conn_a'");
    expect(await urlOf("?connection=conn_a")).toBeNull();
  });
});
