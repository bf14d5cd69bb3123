import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { GET as connection, DELETE, PATCH } from "@/app/api/v1/connections/[id]/route";
import { GET as billed } from "@/app/api/v1/reconcile/billed/route";
import { GET } from "@/app/api/v1/reconcile/route";
import { GET as sessions } from "@/app/api/v1/reconcile/sessions/route";
import { takeBilling } from "@/lib/anthropic/billing-service";
import { startConnection, takeHint } from "@/lib/anthropic/sync-service";
import type { ConnectionItem } from "@/lib/connections/schema";
import type { Billed } from "@/lib/costs/billed-schema";
import type { Reconcile, ReconcileSessionsPage } from "@/lib/costs/reconcile-schema";
import { prisma } from "@/lib/db/client";
import { purgeConnection } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { forgetJobs, waitingJobs } from "@/tests/support/jobs";
import { eventObject, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { startWorker } from "@/tests/support/sync";

// The jobs are run here one by one, so that what happens between two of them is certain.

const at = (text: string) => Date.parse(text);
const NOW = at("2026-11-23T15:00:00Z");
const COST = "/v1/organizations/analytics/cost";
let platform: Platform;
let headers: Record<string, string>;
let id: string;

beforeAll(async () => {
  allowLoopback();
  // The queue's tables are made by its first worker.
  await (await startWorker()).stop();
});
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("admin");
  platform = await startPlatform({ readsPerMinute: null });
  platform.billedShare = 0.9;
  // The report ends here, however late it is.
  platform.costReportedUntilUs = NOW * 1_000;
  for (const name of ["sesn_A", "sesn_B"]) {
    const usage = {
      input_tokens: 0,
      output_tokens: 0,
      list_cost: { amount: "187", currency: "USD" },
    };
    platform.putSession(sessionObject(name, "10:00:00", { usage }));
    platform.appendEvent(name, null, eventObject(`${name}1`, "session.status_running", "10:00:00"));
    const stop = { stop_reason: { type: "end_turn" } };
    platform.appendEvent(
      name,
      null,
      eventObject(`${name}2`, "session.status_idle", "10:00:09", stop),
    );
  }
  const admin_key = platform.adminKey;
  ({ id } = await connectTo(platform, headers, { reads_per_minute: 60_000, admin_key }));
  await look("sesn_A");
  await prisma.connection.updateMany({ data: { state: "live", backfillDoneAt: new Date() } });
});
afterEach(() => platform.close());

async function look(session: string): Promise<void> {
  const told = { resourceId: session, threadId: null, createdAt: null };
  const hint = { workspace: "default", connectionId: id, type: "session.status_idled", ...told };
  await takeHint(hint);
}
/** Reads the report as if it were time for it. */
async function bill(): Promise<void> {
  await prisma.syncWork.deleteMany({ where: { kind: "billing" } });
  await takeBilling({ workspace: "default", connectionId: id });
}
async function read(search = ""): Promise<Billed> {
  const { status, body } = await call(billed, `/x${search}`, { headers });
  expect([status, status === 200 ? null : body]).toEqual([200, null]);
  return body as Billed;
}
const dayOf = async (day: string) => (await read()).days.find((each) => each.day === day);
const patch = (json: object) =>
  call(PATCH, "/x", { method: "PATCH", headers, params: { id }, json });
const state = async () =>
  (await call(connection, "/x", { headers, params: { id } })).body as ConnectionItem;
const asked = () => platform.requests.records.filter(({ path }) => path === COST);

it("says what was billed for each session and day, and what belongs to no session known here", async () => {
  platform.costRows.push(
    { session_id: null, at: "2026-11-20T11:00:00Z", amount: 0.25, list_amount: 0.5 },
    { session_id: "sesn_A", at: "2026-11-21T00:00:00Z", amount: 12.123456, list_amount: 13 },
  );
  await bill();
  const { connections, totals, days } = await read();
  expect(connections).toMatchObject([
    {
      id,
      name: "test",
      since: "2026-11-20",
      reported_until: "2026-11-23T15:00:00.000Z",
      error: null,
    },
  ]);
  // The sessions are billed at nine tenths of 187 cents; B has never been read.
  expect(days.find(({ day }) => day === "2026-11-20")).toEqual({
    day: "2026-11-20",
    state: "reported",
    sums: {
      billed_nanos: 3_368_500_000,
      list_nanos: 3_745_000_000,
      attributed_nanos: 1_683_000_000,
      unattributed_nanos: 1_685_500_000,
      sessions: 1,
      unknown_sessions: 1,
      no_session_nanos: 2_500_000,
    },
  });
  expect(totals).toMatchObject({
    billed_nanos: 3_368_500_000 + 121_234_560,
    attributed_nanos: 1_683_000_000 + 121_234_560,
    unattributed_nanos: 1_685_500_000,
    sessions: 1,
  });
  const { data } = (await call(sessions, "/x", { headers })).body as ReconcileSessionsPage;
  expect(data.map((item) => [item.id, item.list_nanos, item.billed_nanos])).toEqual([
    ["sesn_A", 1_870_000_000, 1_804_234_560],
  ]);
  for (const by of ["cause", "agent"]) {
    const whole = (await call(GET, `/x?by=${by}`, { headers })).body as Reconcile;
    expect(whole.totals).toMatchObject({ billed_sessions: 1, billed_nanos: 1_804_234_560 });
    expect(whole.data[0]?.billed_nanos).toBe(1_804_234_560);
  }
  await look("sesn_B");
  expect((await dayOf("2026-11-20"))?.sums).toMatchObject({
    attributed_nanos: 3_366_000_000,
    unattributed_nanos: 2_500_000,
    unknown_sessions: 0,
  });
});

it("tells a day that is not reported yet from one without cost", async () => {
  await bill();
  expect(await dayOf("2026-11-22")).toMatchObject({ state: "reported", sums: { billed_nanos: 0 } });
  expect(await dayOf("2026-11-23")).toMatchObject({ state: "partly", sums: { billed_nanos: 0 } });
  expect(await dayOf("2026-11-24")).toEqual({
    day: "2026-11-24",
    state: "not_reported",
    sums: null,
  });
  expect((await read("?from=2026-11-24T00:00:00Z")).totals.billed_nanos).toBe(0);
});

it("reads again what was not complete and what may be corrected, and nothing twice", async () => {
  platform.costRows.push({
    session_id: "sesn_gone",
    at: "2026-11-20T11:00:00Z",
    amount: 5,
    list_amount: 5,
  });
  await bill();
  const before = (await dayOf("2026-11-20"))?.sums;
  await bill();
  expect((await dayOf("2026-11-20"))?.sums).toEqual(before);
  // A correction takes the line back, and a day more is reported.
  platform.costRows.splice(0, 1, {
    session_id: "sesn_A",
    at: "2026-11-23T20:00:00Z",
    amount: 40,
    list_amount: 40,
  });
  platform.costReportedUntilUs = at("2026-11-24T00:00:00Z") * 1_000;
  platform.requests.clear();
  await bill();
  expect(asked()).toHaveLength(1);
  expect(decodeURIComponent(asked()[0]?.query ?? "")).toContain("starting_at=2026-11-20T00:00:00");
  expect((await dayOf("2026-11-20"))?.sums?.unknown_sessions).toBe(1);
  expect((await dayOf("2026-11-20"))?.sums?.billed_nanos).toBe(3_366_000_000);
  expect(await dayOf("2026-11-23")).toMatchObject({
    state: "reported",
    sums: { billed_nanos: 400_000_000 },
  });
});

it("leaves out other workspaces and products, and reads page after page within the budget", async () => {
  const at = "2026-11-20T12:00:00Z";
  const line = { at, amount: 1, list_amount: 1 };
  platform.costRows.push(
    { ...line, session_id: "sesn_other", workspace_id: "wrkspc_other" },
    { ...line, session_id: null, product: "messages_api" },
    ...Array.from({ length: 2_500 }, (_, n) => ({ ...line, session_id: `sesn_${n}` })),
  );
  const before = await prisma.readCount.aggregate({ _sum: { reads: true } });
  await bill();
  expect((await dayOf("2026-11-20"))?.sums).toMatchObject({
    unknown_sessions: 2_501,
    no_session_nanos: 0,
  });
  expect(asked()).toHaveLength(3);
  const after = await prisma.readCount.aggregate({ _sum: { reads: true } });
  expect((after._sum.reads ?? 0) - (before._sum.reads ?? 0)).toBe(3);
});

it("says why the report cannot be read, stops nothing else, and tries a new key at once", async () => {
  await patch({ admin_key: "sk-ant-admin01-wrong" });
  await takeBilling({ workspace: "default", connectionId: id });
  expect((await read()).connections[0]?.error).toMatch(/does not know the Admin key \(401\)/);
  expect((await state()).state).toBe("live");
  await takeBilling({ workspace: "default", connectionId: id });
  expect(asked()).toHaveLength(1);
  await forgetJobs();
  await patch({ admin_key: platform.adminKey });
  expect((await waitingJobs()).map(({ task }) => task)).toEqual(["connection_start"]);
  await startConnection({ workspace: "default", connectionId: id });
  expect((await waitingJobs()).map(({ task }) => task)).toContain("sync_billing");
  await takeBilling({ workspace: "default", connectionId: id });
  expect((await read()).connections[0]).toMatchObject({ error: null, since: "2026-11-20" });
});

it("is not asked for without an Admin key or before history is in, and is due once a day then", async () => {
  await patch({ admin_key: null });
  await takeBilling({ workspace: "default", connectionId: id });
  expect(asked()).toEqual([]);
  expect(await read()).toMatchObject({ connections: [], days: [], totals: { billed_nanos: 0 } });
  await patch({ admin_key: platform.adminKey });
  await prisma.connection.updateMany({ data: { state: "backfilling" } });
  await takeBilling({ workspace: "default", connectionId: id });
  expect(asked()).toEqual([]);
  await prisma.connection.updateMany({ data: { state: "live" } });
  platform.costReportedUntilUs = null;
  await takeBilling({ workspace: "default", connectionId: id });
  await takeBilling({ workspace: "default", connectionId: id });
  expect(asked()).toHaveLength(1);
  const work = await prisma.syncWork.findFirst({ where: { kind: "billing" } });
  expect(work?.dueAt.toISOString().slice(11, 16)).toBe("00:30");
});

it("goes with the data of its connection, and stays with it", async () => {
  await bill();
  await call(DELETE, "/x", { method: "DELETE", headers, params: { id } });
  expect((await read()).totals.billed_nanos).toBe(3_366_000_000);
  await purgeConnection({ workspace: "default", connectionId: id });
  expect((await read()).totals.billed_nanos).toBe(0);
});
