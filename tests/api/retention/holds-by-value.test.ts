import { readFile } from "node:fs/promises";
import { beforeEach, expect, it } from "vitest";
import { POST as erase } from "@/app/api/v1/erasures/route";
import { PUT as mask } from "@/app/api/v1/masking/route";
import { pool, prisma } from "@/lib/db/client";
import type { JsonObject } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { endHold, placeHold, readHolds } from "@/lib/retention/hold-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { at, event, idle, message, running, session } from "@/tests/support/events";
import { differences, keep, retain, rowsOf, send } from "@/tests/support/retention";

const SEEN = new Date("2026-11-20T12:00:00Z");
const later = (days: number) => new Date(SEEN.getTime() + days * 86_400_000);
const ALL = { content: 7, events: 7, spans: 7, sessions: 7 };

let headers: { authorization: string };
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("admin");
  await keep(ALL);
});

const begin = (id: string, metadata: JsonObject) =>
  send(id, [running(1), message(2), idle(3), session({ id, metadata })], { now: SEEN });
const change = (id: string, metadata: JsonObject | undefined, updated_at = at(20)) =>
  send(id, [session({ id, metadata, updated_at })], { now: SEEN });

const place = async (value = "a", key = "tenant", workspace = "default") => {
  const subject = { by: "metadata" as const, key, value };
  return (await placeHold(workspace, { subject, reason: "case 4711" }, { by: "test" })).id;
};
const noted = async () =>
  (await prisma.heldSession.findMany({ orderBy: { sessionId: "asc" } })).map(
    ({ sessionId, holdId }) => [sessionId, holdId],
  );
const isHere = async (id: string) => "event" in (await rowsOf(id));

async function maskTenants(): Promise<void> {
  const rules = [{ kind: "metadata", name: "tenants", key: "tenant" }];
  const json = { based_on: 0, pushed_mode: "masked", builtin: {}, rules };
  expect((await call(mask, "/x", { method: "PUT", headers, json })).status).toBe(200);
}

it.each([
  ["is another", () => change("sesn_1", { tenant: "b" })],
  ["is gone", () => change("sesn_1", {})],
  ["is masked from then on", () => maskTenants().then(() => change("sesn_1", { tenant: "a" }))],
  [
    "is another by an event",
    () =>
      send("sesn_1", [event("session.updated", 30, { metadata: { tenant: "b" } })], { now: SEEN }),
  ],
])("is on a session until it is lifted, also when the value %s", async (_, becomes) => {
  await begin("sesn_1", { tenant: "a" });
  const id = await place();
  await becomes();
  const said = (await prisma.session.findMany()).map(({ metadata }) => metadata);
  expect(said).not.toEqual([{ tenant: "a" }]);
  const bad = { index: 0, kind: "event" as const, sessionId: "sesn_1", threadId: null, data: {} };
  const of = { workspace: "default", connectionId: "" };
  await acceptItems({ ...of, source: "push" }, [bad], [], SEEN);
  expect((await readHolds("default")).data).toMatchObject([{ id, sessions: 1 }]);
  await retain(later(8));
  expect(await isHere("sesn_1")).toBe(true);
  expect(await prisma.rejectedItem.count()).toBe(1);
  const subject = { by: "sessions", session_ids: ["sesn_1"], connection_id: null };
  const json = { subject, reason: "request 17", sessions: 1 };
  expect((await call(erase, "/x", { method: "POST", headers, json })).status).toBe(409);
  await endHold({ workspace: "default", id }, { by: "test" });
  expect(await noted()).toEqual([]);
  await retain(later(8));
  expect(await rowsOf("sesn_1")).toEqual({});
  expect(await differences()).toEqual([]);
});

it("comes to be on a session that says the value later, and stays", async () => {
  const id = await place();
  await begin("sesn_1", { tenant: "a" });
  await begin("sesn_2", { tenant: "b" });
  await change("sesn_2", { tenant: "a" });
  await begin("sesn_3", { tenant: "b", other: "a" });
  expect(await noted()).toEqual([
    ["sesn_1", id],
    ["sesn_2", id],
  ]);
  for (const one of ["sesn_1", "sesn_2", "sesn_3"]) await change(one, {}, at(40));
  await retain(later(8));
  expect(await isHere("sesn_1")).toBe(true);
  expect(await isHere("sesn_2")).toBe(true);
  expect(await isHere("sesn_3")).toBe(false);
});

it("is noted by what a session said so far, should it have been placed beside a batch", async () => {
  await begin("sesn_1", { tenant: "a" });
  const id = await place();
  await prisma.heldSession.deleteMany();
  await change("sesn_1", { tenant: "b" });
  expect(await noted()).toEqual([["sesn_1", id]]);
});

it("is on nothing by a lifted hold, another's, or another key", async () => {
  await endHold({ workspace: "default", id: await place() }, { by: "test" });
  await place("a", "tenant", "other");
  await place("a", "customer");
  await begin("sesn_1", { tenant: "a" });
  expect(await noted()).toEqual([]);
  await retain(later(8));
  expect(await rowsOf("sesn_1")).toEqual({});
});

it("is noted by an update for what it is on already", async () => {
  await begin("sesn_1", { tenant: "a" });
  await begin("sesn_2", { tenant: "b" });
  const id = await place();
  await prisma.heldSession.deleteMany();
  const file = "prisma/migrations/20261126190021_held_sessions/migration.sql";
  const sql = await readFile(file, "utf8");
  await pool().query(sql.slice(sql.indexOf("insert into")));
  expect(await noted()).toEqual([["sesn_1", id]]);
});
