import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GET as readOne, DELETE as stop } from "@/app/api/v1/prices/repricings/[id]/route";
import { GET as readAll, POST as start } from "@/app/api/v1/prices/repricings/route";
import { PUT as savePrices } from "@/app/api/v1/prices/route";
import type {
  RepricingDetail,
  RepricingItem,
  RepricingsAnswer,
} from "@/lib/costs/repricing-schema";
import { PATIENT, prisma } from "@/lib/db/client";
import { fillDemo } from "@/lib/demo/service";
import { repriceHistory } from "@/lib/ingest/reprice-service";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import { MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { agentOf, idle, request, running, session } from "@/tests/support/events";
import { fingerprint } from "@/tests/support/fingerprint";
import { forgetJobs } from "@/tests/support/jobs";
import { storeItems } from "@/tests/support/stored";
import { WorkerProcess } from "@/tests/support/worker-process";

const NOW = new Date("2026-11-20T12:00:00Z");
const worker = new WorkerProcess({});
let admin: { authorization: string };

beforeEach(async () => {
  await truncateAll();
  await forgetJobs();
  admin = await bearer("admin");
});
afterEach(() => worker.kill());

/** Two million tokens of a model that no list knows. */
const storeUnknown = (id: string) =>
  storeItems(id, [
    { ...session(), data: { ...Object(session({ agent: agentOf("claude-next") }).data), id } },
    running(0),
    ...request("r", 1, [1_500_000, 500_000]),
    idle(60),
  ]);
const NEXT = {
  ...{ model: "claude-next", input_pico: 3_000_001, cache_write_5m_pico: 0 },
  ...{ cache_write_1h_pico: 0, cache_read_pico: 0, output_pico: 15_000_000 },
};

async function save(based_on: number, terms: object): Promise<void> {
  const json = { based_on, terms };
  const answer = await call(savePrices, "/x", { method: "PUT", headers: admin, json });
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
}
async function begin(kind: "preview" | "run"): Promise<string> {
  const answer = await call(start, "/x", { method: "POST", headers: admin, json: { kind } });
  expect([answer.status, answer.text]).toEqual([201, expect.anything()]);
  return (answer.body as RepricingItem).id;
}
const detail = async (id: string) =>
  (await call(readOne, "/x", { headers: admin, params: { id } })).body as RepricingDetail;
const standing = async () =>
  (await call(readAll, "/x", { headers: admin })).body as RepricingsAnswer;

async function until(id: string, holds: (item: RepricingDetail) => boolean) {
  for (;;) {
    const item = await detail(id);
    if (holds(item)) return item;
    await sleep(20);
  }
}
const isDone = ({ state }: RepricingItem) => state === "done";

async function differences(): Promise<string[]> {
  const found: string[] = [];
  await verifyWorkspace("default", (difference) => found.push(JSON.stringify(difference)));
  return found;
}

/** What the metrics say of all time, by agent and by UTC day. */
async function told() {
  const query = (more: object) =>
    MetricsQuery.parse({
      ...{ metric: ["cost", "unpriced_tokens"], tz: "UTC", limit: 200 },
      ...{ from: "2026-11-01T00:00:00Z", to: "2026-11-21T00:00:00Z", ...more },
    });
  const [agents, days] = await Promise.all([
    readMetrics("default", query({ step: "all", group_by: ["agent"] }), { now: NOW }),
    readMetrics("default", query({ step: "1d" }), { now: NOW }),
  ]);
  const of = (answer: typeof agents, at: number) => answer.results[at]?.series ?? [];
  const byAgent = (at: number) =>
    new Map(of(agents, at).map(({ labels, total }) => [labels.agent || null, total ?? 0]));
  const byDay = (at: number) =>
    new Map(
      (of(days, at)[0]?.points ?? []).map(([from, value]) => [
        String(from).slice(0, 10),
        value ?? 0,
      ]),
    );
  return { cost: byAgent(0), unpriced: byAgent(1), dayCost: byDay(0), dayUnpriced: byDay(1) };
}

const facts = ({ id, kind, created_at, finished_at, ...rest }: RepricingDetail) => rest;

describe("history is re-priced", () => {
  test("as the preview said, to the nano-dollar, over a kill, and back again", async () => {
    await fillDemo(
      "default",
      { seed: "reprice", days: 5, sessions: 70 },
      NOW.getTime() * 1000,
      () => {},
    );
    await storeUnknown("sesn_next");
    const before = await told();
    const untouched = await fingerprint(prisma, "default");
    const all = await prisma.session.count();
    await save(0, {
      prices: [NEXT],
      session_hours: [{ nanos: 70_000_000 }],
      discounts: [{ off: 1234, effective_from: "2026-11-18" }],
    });
    expect(await standing()).toEqual({ waiting: all, last: null });

    const preview = await begin("preview");
    await worker.start();
    const seen = await until(preview, isDone);
    expect(seen).toMatchObject({ sessions: all, done: all, kept: 0, version: "2026-11-09+1" });
    expect(seen.changed).toBeGreaterThan(all / 2);
    expect(await fingerprint(prisma, "default")).toEqual(untouched);
    expect(await told()).toEqual(before);

    const run = await begin("run");
    await prisma.$transaction(async (tx) => {
      // The last part cannot be done while somebody else is at one of its sessions.
      await tx.$executeRaw`
        select from session where session_id = (select max(session_id) from session) for update`;
      await until(run, ({ done }) => done >= 60);
      await worker.kill();
    }, PATIENT);
    expect(await detail(run)).toMatchObject({ state: "working", done: 60, sessions: all });
    expect((await standing()).waiting).toBe(all - 60);
    await worker.start();
    const done = await until(run, isDone);
    expect(facts(done)).toEqual(facts(seen));
    expect(await standing()).toMatchObject({ waiting: 0, last: { id: run, state: "done" } });

    const after = await told();
    for (const { agent, ...sum } of done.agents) {
      const cost = (after.cost.get(agent) ?? 0) - (before.cost.get(agent) ?? 0);
      expect([agent, sum.after_nanos - sum.before_nanos]).toEqual([agent, cost]);
      const tokens = (after.unpriced.get(agent) ?? 0) - (before.unpriced.get(agent) ?? 0);
      expect([agent, sum.unpriced_after - sum.unpriced_before]).toEqual([agent, tokens]);
    }
    for (const { day, ...sum } of done.days) {
      const cost = (after.dayCost.get(day) ?? 0) - (before.dayCost.get(day) ?? 0);
      expect([day, sum.after_nanos - sum.before_nanos]).toEqual([day, cost]);
    }
    const next = done.agents.find(({ agent }) => agent === "agent_A");
    expect(next).toMatchObject({ name: "triage", unpriced_before: 2_000_000, unpriced_after: 0 });
    expect(await differences()).toEqual([]);

    // Undo: what held before holds again.
    await save(1, {});
    const undo = await until(await begin("run"), isDone);
    expect(undo).toMatchObject({ done: all, changed: done.changed });
    expect([undo.before_nanos, undo.after_nanos]).toEqual([done.after_nanos, done.before_nanos]);
    expect(await told()).toEqual(before);
    expect(await fingerprint(prisma, "default")).toEqual(untouched);
    expect(await differences()).toEqual([]);
  }, 120_000);
});

describe("a re-pricing", () => {
  test("leaves sessions alone whose events are not here any more", async () => {
    await storeUnknown("sesn_gone");
    await storeUnknown("sesn_here");
    await prisma.event.deleteMany({ where: { sessionId: "sesn_gone" } });
    await save(0, { prices: [NEXT] });
    const run = await begin("run");
    await repriceHistory();
    expect(await detail(run)).toMatchObject({
      ...{ state: "done", done: 2, changed: 1, kept: 1 },
      ...{ before_nanos: 1_333_333, after_nanos: 12_001_334_833, unpriced_before: 2_000_000 },
      days: [{ day: "2026-11-20", after_nanos: 12_001_334_833, unpriced_after: 0 }],
    });
    const books = await prisma.session.findMany({ orderBy: { sessionId: "asc" } });
    expect(books.map(({ priceBook }) => priceBook)).toEqual(["2026-11-09", "2026-11-09+1"]);
  });

  test("gives way to newer prices and to a newer wish, and can be stopped", async () => {
    await storeUnknown("sesn_A");
    await save(0, { prices: [NEXT] });
    const first = await begin("preview");
    const second = await begin("run");
    expect((await detail(first)).state).toBe("replaced");
    const json = { kind: "preview" };
    const refused = await call(start, "/x", { method: "POST", headers: admin, json });
    expect([refused.status, refused.body]).toEqual([
      409,
      expect.objectContaining({ error: expect.objectContaining({ code: "conflict" }) }),
    ]);
    await save(1, { prices: [{ ...NEXT, input_pico: 1 }] });
    await repriceHistory();
    expect(await detail(second)).toMatchObject({ state: "replaced", done: 0 });
    const third = await begin("run");
    const asked = { method: "DELETE", headers: admin, params: { id: third } };
    expect((await call(stop, "/x", asked)).body).toMatchObject({ state: "stopped" });
    expect((await call(stop, "/x", asked)).status).toBe(409);
    await repriceHistory();
    expect(await standing()).toMatchObject({ waiting: 1, last: { state: "stopped", done: 0 } });
  });

  test("is begun and stopped by admins only; one that is not there is not found", async () => {
    const headers = await bearer("write");
    const json = { kind: "run" };
    expect((await call(start, "/x", { method: "POST", headers, json })).status).toBe(403);
    const params = { id: "repr_none" };
    expect((await call(stop, "/x", { method: "DELETE", headers: admin, params })).status).toBe(404);
    expect((await call(readOne, "/x", { headers, params })).status).toBe(404);
  });
});
