import { afterEach, beforeEach, expect, it } from "vitest";
import { GET as ofWorkspace } from "@/app/api/v1/live/route";
import { GET as ofSession } from "@/app/api/v1/sessions/[id]/live/route";
import { NewKey } from "@/lib/auth/keys-schema";
import { createKey } from "@/lib/auth/keys-service";
import { prisma } from "@/lib/db/client";
import { acceptItems } from "@/lib/ingest/service";
import type { ChangedHint } from "@/lib/live/schema";
import { PACE_MS } from "@/lib/live/stream-service";
import { removeSessions } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { type OpenHints, openHints } from "@/tests/support/hints";
import { sessionObject } from "@/tests/support/platform/objects";
import { until } from "@/tests/support/sync";

const STANDARD = { ...PACE_MS };
const opened: OpenHints[] = [];
let headers: Record<string, string>;

beforeEach(async () => {
  Object.assign(PACE_MS, STANDARD);
  await truncateAll();
  headers = await bearer("read");
});
afterEach(async () => {
  for (const stream of opened.splice(0)) await stream.close();
});

let titles = 0;

/** New values of sessions, which are not described to whoever is told of it. */
async function change(ids: string[], workspace = "default"): Promise<void> {
  const items = ids.map((sessionId, index) => {
    const title = `secret ${++titles}`;
    const updated_at = new Date(Date.UTC(2026, 10, 20) + titles * 1000).toISOString();
    const data = sessionObject(sessionId, undefined, { title, updated_at });
    return { index, kind: "session" as const, sessionId, threadId: null, data };
  });
  await acceptItems({ workspace, connectionId: "", source: "push" }, items, [], new Date());
}

async function open(handler: typeof ofWorkspace, id?: string): Promise<OpenHints> {
  const stream = await openHints(handler, { headers, ...(id === undefined ? {} : { id }) });
  opened.push(stream);
  return stream;
}

const live = (stream: OpenHints) => async () => stream.hints.some(({ name }) => name === "state");

it("says that it tells of changes, and then which sessions changed, and nothing of what they hold", async () => {
  const stream = await open(ofWorkspace);
  expect([stream.status, stream.headers.get("content-type")]).toEqual([
    200,
    "text/event-stream; charset=utf-8",
  ]);
  expect(stream.headers.get("cache-control")).toBe("no-store, no-transform");
  await until(live(stream));
  await prisma.workspace.create({ data: { id: "other", name: "Other" } });
  await change(["sesn_other"], "other");
  await change(["sesn_1"]);
  await until(async () => stream.changes().length > 0);
  expect(stream.hints).toEqual([
    { name: "", data: "retry: 2000" },
    { name: "state", data: { live: true } },
    { name: "changed", data: { sessions: ["sesn_1"] } },
  ]);
});

it("gathers what follows quickly, and does not name very many", async () => {
  const stream = await open(ofWorkspace);
  await until(live(stream));
  const ids = Array.from({ length: 40 }, (_, at) => `sesn_${at}`);
  for (const id of ids) await change([id]);
  const named = () => stream.changes().flatMap((data) => (data as ChangedHint).sessions ?? []);
  await until(async () => named().length === ids.length);
  expect(named()).toEqual(ids);
  expect(stream.changes().length).toBeLessThan(ids.length / 2);
  await change(Array.from({ length: 101 }, (_, at) => `sesn_many_${at}`));
  await until(async () => (stream.changes().at(-1) as ChangedHint).sessions === null);
});

it("tells of one session alone where one is asked for", async () => {
  Object.assign(PACE_MS, { tell: 0 });
  await change(["sesn_1"]);
  const stream = await open(ofSession, "sesn_1");
  await until(live(stream));
  await change(["sesn_2"]);
  await change(["sesn_2", "sesn_1"]);
  await change(["sesn_2"]);
  await change(Array.from({ length: 101 }, (_, at) => `sesn_many_${at}`));
  await until(async () => stream.changes().length > 1);
  expect(stream.changes()).toEqual([{ sessions: ["sesn_1"] }, { sessions: null }]);
});

it("is for readers, and for sessions that are there", async () => {
  await change(["sesn_1"]);
  const params = { id: "sesn_1" };
  expect((await call(ofSession, "/x", { params })).status).toBe(401);
  const sender = await bearer("ingest");
  expect((await call(ofSession, "/x", { params, headers: sender })).status).toBe(403);
  expect((await call(ofSession, "/x", { params: { id: "sesn_2" }, headers })).status).toBe(404);
  expect((await call(ofWorkspace, "/x", { headers })).status).toBe(200);
});

it("lets one caller have so many at once, and takes those into account that went", async () => {
  for (let i = 0; i < 20; i++) await open(ofWorkspace);
  const refused = await call(ofWorkspace, "/x", { headers });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
  expect((await call(ofWorkspace, "/x", { headers: await bearer("read") })).status).toBe(200);
  opened[0]?.abort();
  await until(async () => opened[0]?.isOpen() === false);
  await opened[1]?.close();
  expect((await open(ofWorkspace)).status).toBe(200);
  expect((await open(ofWorkspace)).status).toBe(200);
  expect((await call(ofWorkspace, "/x", { headers })).status).toBe(429);
});

it("gives signs of life, and ends when its caller may no longer read", async () => {
  Object.assign(PACE_MS, { heartbeat: 100 });
  const key = await createKey(
    { workspace: "default", createdBy: "", createdById: null },
    NewKey.parse({ name: "short-lived", scopes: ["read"] }),
  );
  headers = { authorization: `Bearer ${key.key}` };
  const stream = await open(ofWorkspace);
  await until(async () => stream.hints.some(({ data }) => data === ": still here"));
  expect(stream.isOpen()).toBe(true);
  await prisma.apiKey.delete({ where: { id: key.id } });
  await until(async () => !stream.isOpen());
});

it("tells of sessions that went, too", async () => {
  await change(["sesn_1", "sesn_2"]);
  const stream = await open(ofWorkspace);
  await until(live(stream));
  await removeSessions({ workspace: "default", source: "push" });
  await until(async () => stream.changes().length > 0);
  expect(stream.changes()).toEqual([{ sessions: ["sesn_1", "sesn_2"] }]);
});
