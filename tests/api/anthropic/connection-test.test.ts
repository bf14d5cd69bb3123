import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as testStored } from "@/app/api/v1/connections/[id]/test/route";
import { POST as testUnsaved } from "@/app/api/v1/connections/test/route";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { freePort } from "@/tests/support/free-port";
import { agentObject, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";

let admin: { authorization: string };
let platform: Platform;
beforeAll(allowLoopback);
beforeEach(async () => {
  allowLoopback();
  await truncateAll();
  admin = await bearer("admin");
  platform = await startPlatform();
});
afterEach(() => platform.close());

const ask = async (json: object, headers = admin) => {
  const body = { base_url: platform.url, api_key: platform.apiKey, ...json };
  return call(testUnsaved, "/x", { method: "POST", headers, json: body });
};
const askStored = (id: string, headers = admin) =>
  call(testStored, "/x", { method: "POST", headers, params: { id } });

const NOTHING = {
  ...{ ok: true, workspace_id: "wrkspc_test", agents: 0, environments: 0, missing: [] },
  ...{ sessions: { seen: 0, more: false }, newest_session_at: null },
};

describe("what a key can see", () => {
  it("is told before it is saved, and nothing is saved by that", async () => {
    expect((await ask({})).body).toEqual(NOTHING);
    for (let i = 0; i < 3; i++)
      platform.putSession(sessionObject(`sesn_${i}`, `1${i}:00:00`, { archived_at: null }));
    platform.putAgent(agentObject("agent_A"));
    const { status, body } = await ask({ base_url: `${platform.url}/v1/` });
    expect([status, body]).toEqual([
      200,
      {
        ...NOTHING,
        agents: 1,
        sessions: { seen: 3, more: false },
        newest_session_at: "2026-11-20T12:00:00Z",
      },
    ]);
    expect([platform.writes, await prisma.connection.count()]).toEqual([[], 0]);
    expect(platform.requests.records.length).toBe(6);
  });

  it("is told of the stored one, also while it is paused", async () => {
    for (let i = 0; i < 101; i++) platform.putSession(sessionObject(`sesn_${i}`));
    const { id } = await connectTo(platform, admin);
    await prisma.connection.updateMany({ data: { state: "paused" } });
    const { status, body } = await askStored(id);
    expect([status, body]).toMatchObject([
      200,
      { ok: true, sessions: { seen: 100, more: true }, newest_session_at: "2026-11-20T10:00:00Z" },
    ]);
    expect((await askStored("conn_none")).status).toBe(404);
  });

  it("says what the server leaves out", async () => {
    platform.putSession(sessionObject("sesn_1"));
    platform.behaviour = { noNextPage: "whole" };
    expect((await ask({})).body).toMatchObject({
      ok: true,
      missing: ["Lists do not say whether there is a next page (next_page)."],
    });
  });
});

describe("why a key can see nothing", () => {
  it.each([
    ["unauthorized", "wrong_key", "does not know this key (401)"],
    ["forbidden", "no_access", "may not read sessions there (403)"],
    ["billing", "billing", "a billing problem (402)"],
    ["spend_limit", "spend_limit", "a spend limit is reached (429)"],
    ["usage_limit", "spend_limit", "a spend limit is reached (400)"],
    ["overloaded", "network", "has trouble of its own at the moment (529)"],
  ] as const)("%s: %s", async (refuse, reason, words) => {
    platform.faults = { refuse };
    const { status, body } = await ask({});
    expect([status, body]).toEqual([
      200,
      { ok: false, reason, message: expect.stringContaining(words) },
    ]);
    expect(platform.requests.records.length).toBe(1);
  });

  it("a wrong key, which is not repeated", async () => {
    const { body, text } = await ask({ api_key: "sk-ant-api03-hunter2" });
    expect(body).toMatchObject({ ok: false, reason: "wrong_key" });
    expect(text).not.toContain("hunter2");
  });

  it("too many requests", async () => {
    platform.faults = { limited: 1 };
    expect((await ask({})).body).toMatchObject({ ok: false, reason: "rate_limited" });
  });

  it("a connection that breaks, or that nobody takes", async () => {
    platform.faults = { cutBefore: 1 };
    expect((await ask({})).body).toMatchObject({ ok: false, reason: "network" });
    platform.faults = { cutWithin: 1 };
    expect((await ask({})).body).toMatchObject({ ok: false, reason: "network" });
    const { body } = await ask({ base_url: `http://127.0.0.1:${await freePort()}` });
    expect(body).toMatchObject({
      reason: "network",
      message: expect.stringContaining("nothing listens at that port"),
    });
  });

  it("an address that is not to be called, also when it was once allowed", async () => {
    const { id } = await connectTo(platform, admin);
    env.WATCHKEEPER_OUTBOUND_ALLOW = "";
    for (const answer of [await ask({}), await askStored(id)])
      expect([answer.status, answer.body]).toEqual([
        200,
        {
          ok: false,
          reason: "refused_address",
          message: expect.stringContaining("WATCHKEEPER_OUTBOUND_ALLOW=127.0.0.1/32"),
        },
      ]);
    expect(platform.requests.records).toEqual([]);
  });

  it.each<[string, RequestListener, string, string]>([
    ["a page", (_, to) => to.end("<html>"), "not_the_api", "does not answer in the API's form"],
    [
      "other JSON",
      (_, to) => to.writeHead(200, { "content-type": "application/json" }).end('{"data":{}}'),
      "not_the_api",
      "does not answer in the API's form",
    ],
    [
      "broken JSON",
      (_, to) => to.writeHead(200, { "content-type": "application/json" }).end('{"data":['),
      "not_the_api",
      "does not answer in the API's form",
    ],
    [
      "a 404 of its own",
      (_, to) => to.writeHead(404).end("nothing here"),
      "not_the_api",
      "has nothing at /v1/sessions (404)",
    ],
    [
      "a 404 of the API",
      (_, to) =>
        to
          .writeHead(404, { "content-type": "application/json" })
          .end('{"type":"error","error":{"type":"not_found_error","message":"no"}}'),
      "missing_beta",
      "offers no Managed Agents to it (404)",
    ],
    [
      "a redirect",
      (_, to) => to.writeHead(308, { location: "https://example.com/v1/sessions?a=b" }).end(),
      "not_the_api",
      "a redirect (308) to https://example.com/v1/sessions,",
    ],
    ["a 418", (_, to) => to.writeHead(418).end(), "not_the_api", "answers 418"],
    ["a 503", (_, to) => to.writeHead(503).end(), "network", "has trouble of its own"],
  ])("%s: %s", async (_, answer, reason, words) => {
    const server: Server = createServer(answer);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { body } = await ask({ base_url });
    server.close();
    expect(body).toEqual({ ok: false, reason, message: expect.stringContaining(words) });
  });
});

it("refuses what could not be saved either, and who may not save", async () => {
  const { status, body } = await ask({ base_url: "https://u:p@example.com" });
  expect([status, body]).toMatchObject([400, { error: { issues: [{ path: "base_url" }] } }]);
  expect((await ask({ api_key: "" })).status).toBe(400);
  for (const scope of ["ingest", "read", "write"] as const) {
    const headers = await bearer(scope);
    expect((await ask({}, headers)).status).toBe(403);
    expect((await askStored("conn_1", headers)).status).toBe(403);
  }
});
