import { beforeAll, beforeEach, expect, it } from "vitest";
import { POST } from "@/app/api/v1/erasures/route";
import { record } from "@/lib/audit/service";
import { pool, prisma } from "@/lib/db/client";
import { Message, NoticeContent } from "@/lib/notify/schema";
import type { ErasureItem } from "@/lib/retention/erasure-schema";
import { askToErase, eraseSessions, readErasureItem } from "@/lib/retention/erasure-service";
import type { ErasureSubject } from "@/lib/retention/subject-schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { idle, message, running, session } from "@/tests/support/events";
import { forgetJobs } from "@/tests/support/jobs";
import { differences, rowsOf, send } from "@/tests/support/retention";
import { startWorker } from "@/tests/support/sync";

// A key that may only push chooses what its sessions are called.

const NOW = new Date("2026-11-20T12:00:00Z");
const push = (id: string, user = "ada.lovelace") =>
  send(id, [running(1), message(2, "hello"), idle(3), session({ id, metadata: { user } })], {
    now: NOW,
  });

beforeAll(async () => {
  await (await startWorker()).stop();
});
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
});

const of = { workspace: "default" };
const bySessions = (...ids: string[]): ErasureSubject => ({
  ...{ by: "sessions", session_ids: ids, connection_id: null },
});
const ask = async (subject: ErasureSubject, sessions = 1) =>
  (await askToErase("default", { subject, reason: "request 17", sessions }, { by: "test" })).id;
const item = (id: string): Promise<ErasureItem> => readErasureItem({ ...of, id });

const content = (own: Partial<NoticeContent> = {}) =>
  NoticeContent.parse({
    rule: { id: "rule_1", name: "Failures", kind: "ratio", version: 1 },
    labels: { agent: "agent_1", team: "operator" },
    ...{ severity: "critical", status: "firing", close_reason: null, unit: "count", value: 5 },
    ...{ opened_at: NOW.toISOString(), closed_at: null, at: NOW.toISOString() },
    ...{ numerator: null, denominator: null, threshold: 4, flapping: false, late: false },
    ...{ condition: "failures above 4", summary: "critical: ask an operator", description: null },
    ...{
      runbook_url: null,
      sessions: [],
      session_count: 0,
      course: [],
      health: null,
      channels: [],
    },
    ...own,
  });

it("changes no key, no fixed word and no other's label, whatever a session was called", async () => {
  const ids = [": false, ", "severity", "critical", "operator", "agent_1", "episode_1", "rule_1"];
  for (const id of ids) await push(id);
  const told = content();
  const message: Message = {
    ...{ reason: "opened", group: {}, more: 0, acknowledged_by: null },
    ...{ firing: [{ id: "episode_1", content: told }], closed: [] },
  };
  await prisma.notice.create({
    data: {
      ...of,
      id: "episode_1",
      ruleId: "rule_1",
      content: told,
      openedAt: NOW,
      changedAt: NOW,
    },
  });
  await prisma.delivery.create({
    data: { ...of, id: "d_1", channelId: "c", reason: "opened", dueAt: NOW, content: message },
  });
  const id = await ask({ by: "metadata", key: "user", value: "ada.lovelace" }, ids.length);
  await eraseSessions(() => NOW);
  expect(await item(id)).toMatchObject({ state: "done", problem: null, report: { messages: 0 } });
  const [notice] = await prisma.notice.findMany();
  expect(NoticeContent.parse(notice?.content)).toEqual(told);
  const [delivery] = await prisma.delivery.findMany();
  expect(Message.parse(delivery?.content)).toEqual(message);
  expect(await differences()).toEqual([]);
});

it("leaves what the log says of people, keys and access as it is, and says where that is", async () => {
  const ids = ["pers_0123456789", "key_0123456789", "ada@example.org"];
  for (const id of ids) await push(id);
  const person = { id: "pers_0123456789", name: "ada@example.org" };
  await record(prisma, "default", {
    ...{ action: "person.changed", target: person, before: { role: "viewer" } },
    ...{ after: { role: "admin", email: "ada@example.org" }, reason: "asked by ada@example.org" },
  });
  await record(prisma, "default", {
    ...{ action: "key.created", target: { id: "key_0123456789", name: "ada@example.org" } },
  });
  await record(prisma, "default", { action: "person.invited", target: { id: "ada@example.org" } });
  await record(prisma, "default", { action: "break_glass.opened", reason: "see ada@example.org" });
  const before = await prisma.auditEntry.findMany({ orderBy: { id: "asc" } });
  await record(prisma, "default", {
    ...{ action: "session.viewed", target: { id: "ada@example.org" } },
  });
  await prisma.budget.create({
    data: {
      ...{ ...of, id: "bdgt_1", name: "as asked by ada@example.org", scope: "all" },
      ...{ period: "month", tz: "UTC", amountNanos: 1n },
    },
  });
  const id = await ask(bySessions(...ids), ids.length);
  await eraseSessions(() => NOW);
  expect(await prisma.budget.findMany()).toMatchObject([{ name: "as asked by ada@example.org" }]);
  const kept = before.map((entry) => entry.id);
  expect(
    await prisma.auditEntry.findMany({ where: { id: { in: kept } }, orderBy: { id: "asc" } }),
  ).toEqual(before);
  const viewed = await prisma.auditEntry.findMany({ where: { action: "session.viewed" } });
  expect(viewed).toMatchObject([{ targetId: "erased" }]);
  const { report } = await item(id);
  expect(report.written.map(({ what, now }) => [what, now])).toEqual(
    expect.arrayContaining([
      ["audit", "left"],
      ["budget", "left"],
    ]),
  );
  expect(report.audit).toBe(1);
});

it("is refused by the log itself when it would change such an entry", async () => {
  await record(prisma, "default", {
    action: "key.created",
    target: { id: "key_1" },
    after: { a: 1 },
  });
  await record(prisma, "default", { action: "rule.created", target: { id: "rule_1", name: "r" } });
  const update = (set: string, action: string) =>
    prisma.$transaction(async (tx) => {
      await tx.$queryRawUnsafe("select set_config('watchkeeper.audit_erasing', 'on', true)");
      await tx.$executeRawUnsafe(`update audit set ${set} where action = '${action}'`);
    });
  const refused = /append-only/;
  await expect(update("target_id = 'erased'", "key.created")).rejects.toThrow(refused);
  await expect(update("after = '{}'", "key.created")).rejects.toThrow(refused);
  await expect(update("target_id = 'erased'", "rule.created")).rejects.toThrow(refused);
  await expect(update("target_label = 'x'", "rule.created")).rejects.toThrow(refused);
  await expect(update("after = '{}'", "rule.created")).rejects.toThrow(refused);
});

it("goes on with others when one fails, and gives it up in the end, to be asked for again", async () => {
  const headers = await bearer("admin");
  await push("sesn_stuck");
  await push("sesn_free", "bob");
  await pool().query(
    `create or replace function refuse_one() returns trigger language plpgsql as $$
     begin raise exception 'not this one'; end $$;
     create trigger refuse_one before delete on session for each row
       when (old.session_id = 'sesn_stuck') execute function refuse_one()`,
  );
  try {
    const stuck = await ask(bySessions("sesn_stuck"));
    const free = await ask(bySessions("sesn_free"));
    await expect(eraseSessions(() => NOW)).rejects.toThrow();
    expect(await item(free)).toMatchObject({ state: "done", problem: null });
    const failed = await item(stuck);
    expect(failed).toMatchObject({ state: "working", report: { sessions: 0 } });
    expect(failed.problem).toMatch(/^It /);
    expect(failed.problem).not.toContain("sesn_stuck");
    for (let tries = 2; tries <= 10; tries++)
      await expect(eraseSessions(() => NOW)).rejects.toThrow();
    expect(await item(stuck)).toMatchObject({ state: "failed", finished_at: NOW.toISOString() });
    expect(await prisma.erasure.findMany({ where: { id: stuck } })).toMatchObject([
      { subject: null, words: [] },
    ]);
    expect((await rowsOf("sesn_stuck")).event).toBe(3);
    // Nothing is at work any more.
    await eraseSessions(() => NOW);
  } finally {
    await pool().query("drop trigger refuse_one on session; drop function refuse_one()");
  }
  const json = { subject: bySessions("sesn_stuck"), reason: "request 17", sessions: 1 };
  expect((await call(POST, "/x", { method: "POST", headers, json })).status).toBe(201);
  await eraseSessions(() => NOW);
  expect(await rowsOf("sesn_stuck")).toEqual({});
  expect(await differences()).toEqual([]);
  const actions = await prisma.auditEntry.findMany({
    where: { action: { startsWith: "erasure." } },
    orderBy: [{ at: "asc" }, { id: "asc" }],
  });
  expect(actions.map(({ action }) => action).sort()).toEqual([
    ...["erasure.asked", "erasure.asked", "erasure.asked"],
    ...["erasure.done", "erasure.done", "erasure.failed"],
  ]);
});
