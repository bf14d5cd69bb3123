import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { rotateSecrets } from "@/lib/auth/rotation-service";
import { openDirectConnection, pool, prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { askToErase, eraseSessions } from "@/lib/retention/erasure-service";
import { keyGone } from "@/lib/retention/gone-service";
import { truncateAll } from "@/tests/support/database";
import { idle, running } from "@/tests/support/events";
import { differences, keep, retain, send } from "@/tests/support/retention";
import { wholeDatabase } from "@/tests/support/stored-secrets";
import { startWorker } from "@/tests/support/sync";

const SEEN = new Date("2026-11-20T12:00:00Z");
const LATER = new Date("2026-12-20T12:00:00Z");
const PLAIN = createHash("sha256").update("default\n\nsesn_1").digest("hex");
const events = [running(1), idle(2)];

const before = { data: env.WATCHKEEPER_DATA, secret: env.WATCHKEEPER_SECRET };
let folder: string;
beforeAll(async () => {
  await (await startWorker()).stop();
});
beforeEach(async () => {
  await truncateAll();
  folder = await mkdtemp(join(tmpdir(), "watchkeeper-gone-"));
  env.WATCHKEEPER_DATA = folder;
  env.WATCHKEEPER_SECRET = undefined;
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(() => {
  env.WATCHKEEPER_DATA = before.data;
  env.WATCHKEEPER_SECRET = before.secret;
});

const hashes = async () => (await prisma.goneSession.findMany()).map(({ hash }) => hash);
const comesBack = async () => {
  const { accepted, rejected } = await send("sesn_1", events, { now: LATER });
  return [accepted, ...rejected.map(({ code }) => code)];
};

async function erased(): Promise<void> {
  const billed = { day: SEEN, sessionId: "sesn_1", amountNanos: 1n, listNanos: 1n, readAt: SEEN };
  await send("sesn_1", events, { now: SEEN });
  await prisma.billedCost.create({ data: { workspace: "default", connectionId: "", ...billed } });
  const subject = { by: "sessions" as const, session_ids: ["sesn_1"], connection_id: null };
  await askToErase("default", { subject, reason: "asked for", sessions: 1 }, { by: "test" });
  await eraseSessions();
}

async function dropped(): Promise<void> {
  await send("sesn_1", events, { now: SEEN });
  await keep({ content: 7, events: 7, spans: 7, sessions: 7 });
  await retain(LATER);
}

it.each([
  ["erased", erased],
  ["dropped", dropped],
])("knows a session that was %s by nothing that a guessed id would confirm", async (_, go) => {
  await go();
  expect(await hashes()).toEqual([expect.stringMatching(/^k1\.[0-9a-f]{64}$/)]);
  // Half of the digest is as good as all of it: the bill names its row by less.
  expect(await wholeDatabase()).not.toContain(PLAIN.slice(0, 16));
  expect(await comesBack()).toEqual([0, "retained", "retained"]);
  expect(await prisma.goneSession.findMany()).toMatchObject([{ late: 2 }]);
  expect(await differences()).toEqual([]);
});

it("knows it also after the master key was rotated", async () => {
  await erased();
  const known = await hashes();
  const db = await openDirectConnection();
  const { secrets, changed } = await rotateSecrets(db, { pauseMs: 0 });
  await db.end();
  expect([secrets, changed]).toEqual([1, 1]);
  expect(await comesBack()).toEqual([0, "retained", "retained"]);
  // What goes after that has the same key.
  await send("sesn_2", events, { now: SEEN });
  const subject = { by: "sessions" as const, session_ids: ["sesn_2"], connection_id: null };
  await askToErase("default", { subject, reason: "asked for", sessions: 1 }, { by: "test" });
  await eraseSessions();
  expect(await hashes()).toEqual(expect.arrayContaining(known));
  expect(await comesBack()).toEqual([0, "retained", "retained"]);
});

it("knows what an earlier version stored without a key, and keys it at a start", async () => {
  await erased();
  const [name = ""] = (await prisma.billedCost.findMany()).map(({ sessionId }) => sessionId);
  const [keyed] = await hashes();
  await pool().query("update gone_session set hash = $1", [PLAIN]);
  await pool().query("update billed_cost set session_id = $1", [`erased:${PLAIN.slice(0, 16)}`]);
  expect(await comesBack()).toEqual([0, "retained", "retained"]);
  await keyGone();
  expect(await hashes()).toEqual([keyed]);
  expect(await prisma.billedCost.findMany()).toMatchObject([{ sessionId: name }]);
  expect(await wholeDatabase()).not.toContain(PLAIN.slice(0, 16));
  expect(await comesBack()).toEqual([0, "retained", "retained"]);
  // Also where there was no key at all before.
  await pool().query("update gone_session set hash = $1", [PLAIN]);
  await pool().query("delete from setting where key = 'gone_key'");
  expect(await comesBack()).toEqual([0, "retained", "retained"]);
  await keyGone();
  expect(await hashes()).not.toEqual([keyed]);
  expect(await comesBack()).toEqual([0, "retained", "retained"]);
});
