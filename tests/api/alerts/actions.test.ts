import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as readAudit } from "@/app/api/v1/audit/route";
import { PATCH as patchConnection } from "@/app/api/v1/connections/[id]/route";
import { GET as readEpisode } from "@/app/api/v1/episodes/[id]/route";
import { GET as readSession } from "@/app/api/v1/sessions/[id]/route";
import { takeAction, wakeActions } from "@/lib/alerts/action-service";
import type { EpisodeDetail } from "@/lib/alerts/episode-schema";
import { NewRule } from "@/lib/alerts/rule-schema";
import { createRule, replaceRule } from "@/lib/alerts/rule-service";
import { evaluateDue } from "@/lib/alerts/service";
import { ACT_TASK } from "@/lib/alerts/tasks";
import type { AuditPage } from "@/lib/audit/schema";
import type { ConnectionItem } from "@/lib/connections/schema";
import { pool, prisma } from "@/lib/db/client";
import type { RawItem } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import type { SessionItem } from "@/lib/sessions/schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";
import { eventObject, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { until } from "@/tests/support/sync";
import { WorkerProcess } from "@/tests/support/worker-process";

const CALLER = {
  workspace: "default",
  scopes: ["write" as const],
  via: "cookie" as const,
  keyId: null,
  person: null,
  pace: null,
  isHeld: false,
  breakGlass: null,
};
const RULE = { name: "Runs too long", kind: "session", measure: "duration", fire: 60, delay: "0s" };
const act = (mode: "dry_run" | "live", per_hour = 5) => ({
  action: { kind: "interrupt", mode, per_hour },
});

let platform: Platform;
let connection: ConnectionItem;
let headers: { authorization: string };

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  headers = await bearer("admin");
  platform = await startPlatform({ readsPerMinute: null });
  connection = await connectTo(platform, headers);
  await forgetJobs();
});
afterEach(() => platform.close());

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);

/** A session that has run for ten minutes, there and here. */
async function runSession(id: string): Promise<void> {
  const created_at = ago(600).toISOString();
  const fields = { status: "running", created_at, updated_at: created_at };
  platform.putSession(sessionObject(id, undefined, fields));
  const event = { ...eventObject(`sevt_${id}`, "session.status_running", null) };
  platform.appendEvent(id, null, { ...event, processed_at: created_at });
  await read(id);
}

/** What the platform has of a session comes in, as the sync would bring it. */
async function read(id: string): Promise<void> {
  const { sessions, events } = platform.snapshot();
  const data = [
    ...sessions.filter((one) => one.id === id).map((one) => ({ kind: "session" as const, one })),
    ...events
      .filter(
        ({ session_id, session_thread_id }) => session_id === id && session_thread_id === null,
      )
      .map(({ event: one }) => ({ kind: "event" as const, one })),
  ];
  const items = data.map(({ kind, one }, index): RawItem => {
    return { index, kind, sessionId: id, threadId: null, data: one };
  });
  const origin = { workspace: "default", connectionId: connection.id, source: "poll" as const };
  const { rejected } = await acceptItems(origin, items, [], new Date());
  expect(rejected).toEqual([]);
}

async function saveRule(fields: object, then: object | null = null): Promise<string> {
  const made = await createRule(CALLER, NewRule.parse({ ...RULE, ...fields }), ago(120));
  if (then) await replaceRule(CALLER, made.id, NewRule.parse({ ...RULE, ...then }), ago(90));
  return made.id;
}

const switchOn = (more: object = {}) =>
  call(patchConnection, "/x", {
    ...{ method: "PATCH", headers, params: { id: connection.id } },
    json: { interrupts: true, ...more },
  });

type Act = { workspace: string; episodeId: string };

/** Judges the rules; the actions that are to be taken. */
async function judge(): Promise<Act[]> {
  await evaluateDue(new Date());
  const jobs = (await waitingJobs()).filter(({ task }) => task === ACT_TASK);
  return jobs.map(({ payload }) => payload as Act);
}

async function takeAll(): Promise<void> {
  for (const one of await judge()) await takeAction(one);
}

/** How actions stand, by session. */
async function actions(): Promise<Record<string, string>> {
  const { rows } = await pool().query(
    "select session_id as id, state, reason from session_action order by session_id",
  );
  return Object.fromEntries(
    rows.map(({ id, state, reason }) => [id, reason === null ? state : `${state}: ${reason}`]),
  );
}

const sent = () => platform.writes.map(({ path, body }) => [path, JSON.parse(body)]);
const interruptOf = (id: string) => [
  `/v1/sessions/${id}/events`,
  { events: [{ type: "user.interrupt" }] },
];

async function audited(): Promise<string[]> {
  const { body } = await call(readAudit, "/x?action=session&limit=200", { headers });
  return (body as AuditPage).data
    .map(({ actor, action, reason }) => [actor.label, action, reason].filter(Boolean).join(" | "))
    .reverse();
}

async function outcomeOf(id: string): Promise<Pick<SessionItem, "outcome" | "outcome_detail">> {
  const answer = await call(readSession, "/x", { headers, params: { id } });
  const { outcome, outcome_detail } = answer.body as SessionItem;
  return { outcome, outcome_detail };
}

describe("a rule that interrupts sessions", () => {
  it("does so once, writes it down, and the session's outcome names it", async () => {
    await switchOn();
    const id = await saveRule(act("dry_run"), act("live"));
    await runSession("sesn_long");
    const [job, ...others] = await judge();
    expect(others).toEqual([]);
    if (!job) throw new Error("nothing is to be done");
    await Promise.all([takeAction(job), takeAction(job)]);
    await takeAction(job);
    expect(sent()).toEqual([interruptOf("sesn_long")]);
    expect(await audited()).toEqual([
      "Runs too long | session.interrupt_tried",
      "Runs too long | session.interrupted",
    ]);
    expect((await outcomeOf("sesn_long")).outcome).toBe("running");
    await read("sesn_long");
    const rule = { id, name: "Runs too long" };
    const outcome = { outcome: "interrupted", outcome_detail: { by: "rule", rule } };
    expect(await outcomeOf("sesn_long")).toEqual(outcome);
    expect(await judge()).toHaveLength(1);
    const detail = await call(readEpisode, "/x", { headers, params: { id: job.episodeId } });
    const { rows } = await pool().query("select id from event where type = 'user.interrupt'");
    expect((detail.body as EpisodeDetail).action).toEqual({
      ...{ state: "sent", reason: null, attempts: 1, event_id: rows[0]?.id },
      created_at: expect.any(String),
      tried_at: expect.any(String),
      finished_at: expect.any(String),
    });
    const differences: unknown[] = [];
    await verifyWorkspace("default", (one) => differences.push(one));
    expect(differences).toEqual([]);
  });

  it("is named also where the interrupt came in before the answer was written down", async () => {
    await switchOn();
    await saveRule(act("dry_run"), act("live"));
    await runSession("sesn_long");
    const [job] = await judge();
    if (!job) throw new Error("nothing is to be done");
    platform.faults = { cutWithin: 1 };
    await takeAction(job);
    platform.faults = {};
    await read("sesn_long");
    expect((await outcomeOf("sesn_long")).outcome_detail).toEqual({ by: "user" });
    await takeAction(job, () => new Date(Date.now() + 60_000));
    expect((await outcomeOf("sesn_long")).outcome_detail).toMatchObject({ by: "rule" });
    expect(sent()).toHaveLength(1);
    expect(await actions()).toEqual({ sesn_long: "sent" });
  });

  it("leaves an interrupt of a person to that person", async () => {
    await switchOn();
    await saveRule(act("dry_run"), act("live"));
    await runSession("sesn_long");
    const person = { ...eventObject("sevt_person", "user.interrupt", null) };
    const processed_at = ago(5).toISOString();
    platform.appendEvent("sesn_long", null, { ...person, processed_at });
    await read("sesn_long");
    await takeAll();
    await read("sesn_long");
    expect(sent()).toHaveLength(1);
    expect((await outcomeOf("sesn_long")).outcome_detail).toEqual({ by: "user" });
  });
});

describe("nothing is sent", () => {
  it("in a dry run, which says what it would have done", async () => {
    await switchOn();
    await saveRule(act("dry_run"));
    await runSession("sesn_long");
    await takeAll();
    expect(sent()).toEqual([]);
    expect(await actions()).toEqual({ sesn_long: "noted" });
    expect(await audited()).toEqual(["Runs too long | session.interrupt_noted"]);
  });

  it("while it is switched off for the connection, as it is at first", async () => {
    expect(connection).toMatchObject({ interrupts: false, interrupts_per_hour: 10 });
    await saveRule(act("dry_run"), act("live"));
    await runSession("sesn_long");
    await takeAll();
    expect(sent()).toEqual([]);
    const reason = "Interrupts are switched off for the connection.";
    expect(await actions()).toEqual({ sesn_long: `withheld: ${reason}` });
    expect(await audited()).toEqual([`Runs too long | session.interrupt_withheld | ${reason}`]);
  });

  it.each([
    ["the rule's limit", act("live", 2), {}, "The rule has interrupted 2 sessions within an hour."],
    [
      "the connection's limit",
      act("live"),
      { interrupts_per_hour: 2 },
      "Rules have interrupted 2 of its sessions within an hour.",
    ],
  ])("beyond %s within an hour", async (_, live, limits, reason) => {
    await switchOn(limits);
    await saveRule(act("dry_run"), live);
    for (const n of [1, 2, 3]) await runSession(`sesn_${n}`);
    const jobs = await judge();
    await Promise.all(jobs.map((job) => takeAction(job)));
    expect(jobs).toHaveLength(3);
    expect(sent()).toHaveLength(2);
    expect(Object.values(await actions()).sort()).toEqual(["sent", "sent", `withheld: ${reason}`]);
  });

  it("to a session that has ended, or whose rule was deleted, meanwhile", async () => {
    await switchOn();
    const id = await saveRule(act("dry_run"), act("live"));
    for (const n of [1, 2]) await runSession(`sesn_${n}`);
    const jobs = await judge();
    const idle = { ...eventObject("sevt_idle", "session.status_idle", null) };
    const processed_at = ago(1).toISOString();
    const stop_reason = { type: "end_turn" };
    platform.appendEvent("sesn_1", null, { ...idle, processed_at, stop_reason });
    await read("sesn_1");
    const { rows } = await pool().query(
      "select episode_id from session_action where session_id = 'sesn_1'",
    );
    const ended = jobs.filter(({ episodeId }) => episodeId === rows[0]?.episode_id);
    for (const job of ended) await takeAction(job);
    await prisma.alertRule.updateMany({ where: { id }, data: { deletedAt: new Date() } });
    for (const job of jobs) await takeAction(job);
    expect(sent()).toEqual([]);
    expect(await actions()).toEqual({
      sesn_1: "withheld: The session had ended already.",
      sesn_2: "withheld: The rule was deleted or paused meanwhile.",
    });
  });
});

describe("what the platform answers", () => {
  it("with no is not asked again", async () => {
    await switchOn();
    await saveRule(act("dry_run"), act("live"));
    await runSession("sesn_long");
    const [job] = await judge();
    if (!job) throw new Error("nothing is to be done");
    platform.faults = { refuse: "forbidden" };
    await takeAction(job);
    platform.faults = {};
    await takeAction(job, () => new Date(Date.now() + 3_600_000));
    expect(sent()).toHaveLength(1);
    expect(await actions()).toEqual({
      sesn_long: expect.stringMatching(/^failed: .* answered 403/),
    });
    expect(await audited()).toEqual([
      "Runs too long | session.interrupt_tried",
      expect.stringMatching(/session.interrupt_failed \| .* answered 403: /),
    ]);
  });

  it.each([
    ["trouble of its own", { error500: 1 }, "answered 500", 5],
    ["too many requests", { limited: 1, retryAfterSeconds: 90 }, "answered 429", 90],
    ["nothing", { cutBefore: 1 }, "", 5],
  ])("with %s is tried again later, and in the end given up", async (_, faults, said, seconds) => {
    await switchOn();
    await saveRule(act("dry_run"), act("live"));
    await runSession("sesn_long");
    const [job] = await judge();
    if (!job) throw new Error("nothing is to be done");
    platform.faults = faults;
    const start = Date.now();
    await takeAction(job);
    expect(await actions()).toEqual({ sesn_long: expect.stringContaining(said) });
    const { rows } = await pool().query("select due_at, state from session_action");
    expect(rows[0]?.state).toBe("waiting");
    expect(rows[0]?.due_at.getTime() - start).toBeGreaterThanOrEqual(seconds * 1_000);
    const waiting = (await waitingJobs()).filter(({ task }) => task === ACT_TASK);
    expect(waiting.map(({ runAt }) => runAt)).toEqual([rows[0]?.due_at]);
    for (let hour = 1; hour <= 6; hour++)
      await takeAction(job, () => new Date(start + hour * 3_600_000));
    expect(await actions()).toEqual({ sesn_long: expect.stringMatching(/^failed: /) });
    platform.faults = {};
    expect((await audited()).filter((text) => text.includes("interrupt_failed"))).toHaveLength(5);
  });
});

describe("going live", () => {
  const wrong = expect.objectContaining({
    code: "invalid",
    message: expect.stringContaining("action.mode: needs a dry run first"),
  });

  it("takes a version that was a dry run", async () => {
    const live = NewRule.parse({ ...RULE, ...act("live") });
    await expect(createRule(CALLER, live)).rejects.toEqual(wrong);
    const { id } = await createRule(CALLER, NewRule.parse(RULE));
    await expect(replaceRule(CALLER, id, live)).rejects.toEqual(wrong);
    await replaceRule(CALLER, id, NewRule.parse({ ...RULE, ...act("dry_run") }));
    expect((await replaceRule(CALLER, id, live)).version).toBe(3);
    expect((await replaceRule(CALLER, id, { ...live, name: "Other" })).version).toBe(4);
  });

  it("is for rules of sessions alone", () => {
    const other = { name: "x", kind: "threshold", metric: "cost", fire: 1, ...act("dry_run") };
    expect(NewRule.safeParse(other).success).toBe(false);
  });
});

it("finds what a worker sent that was killed before it could write the answer down", async () => {
  await switchOn();
  await saveRule(act("dry_run"), act("live"));
  await runSession("sesn_long");
  // The platform takes what comes, and answers when nobody is there any more.
  platform.faults = { slow: 1, slowMs: 3_000 };
  const worker = new WorkerProcess({});
  await worker.start();
  await until(async () => platform.writes.length > 0);
  await worker.kill();
  const isTaken = () =>
    platform.snapshot().events.some(({ event }) => event.type === "user.interrupt");
  await until(async () => isTaken());
  platform.faults = {};
  expect(await actions()).toEqual({ sesn_long: "sending" });
  const later = new Date(Date.now() + 180_000);
  await forgetJobs();
  await wakeActions(later);
  const [job] = (await waitingJobs()).filter(({ task }) => task === ACT_TASK);
  await takeAction(job?.payload as Act, () => later);
  expect(sent()).toEqual([interruptOf("sesn_long")]);
  expect(await actions()).toEqual({ sesn_long: "sent" });
  await read("sesn_long");
  expect((await outcomeOf("sesn_long")).outcome_detail).toMatchObject({ by: "rule" });
});
