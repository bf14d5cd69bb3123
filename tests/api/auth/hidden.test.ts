import { beforeAll, expect, it } from "vitest";
import { POST as ingest } from "@/app/api/v1/ingest/route";
import { GET as listRules } from "@/app/api/v1/rules/route";
import { POST as saveView } from "@/app/api/v1/views/route";
import { NewRule } from "@/lib/alerts/rule-schema";
import { createRule } from "@/lib/alerts/rule-service";
import { evaluateDue } from "@/lib/alerts/service";
import { prisma } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { type Answer, call } from "@/tests/support/call";
import { makeChannel, send } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { at } from "@/tests/support/events";
import { message } from "@/tests/support/notices";
import { OPERATIONS } from "@/tests/support/operations";
import { enterAs, enterFirst, enterWithContentOpen } from "@/tests/support/people";
import {
  agentObject,
  deploymentObject,
  environmentObject,
  runObject,
  sessionObject,
} from "@/tests/support/platform/objects";
import {
  failedSession,
  MARKER,
  refusedSession,
  runningSession,
  waitingSession,
} from "@/tests/support/said";
import { storeItems } from "@/tests/support/stored";

const IDS = ["sesn_failed", "sesn_refused", "sesn_waiting"];
/** As a group of errors is named: by what they say. */
const GROUP = `session\tunknown_error\t\t\tLost ${MARKER}`;
const RANGE = { from: at(-3600), to: at(3600) };
let first: string;
let cost: string;
let viewer: string;
let figuresKey: { authorization: string };

beforeAll(async () => {
  await truncateAll();
  allowLoopback();
  first = await enterFirst();
  [cost, viewer] = [await enterAs("cost", first), await enterAs("viewer", first)];
  const admin = await bearer("admin");
  figuresKey = await bearer("figures");
  await storeItems("sesn_failed", failedSession("sesn_failed"));
  await storeItems("sesn_refused", refusedSession("sesn_refused"));
  await storeItems("sesn_waiting", waitingSession("sesn_waiting"));
  await storeItems("sesn_running", runningSession("sesn_running"));
  const versions = [1, 2].map((version) =>
    sessionObject(`sesn_v${version}`, "", {
      agent: agentObject("agent_A", version, { system: `Version ${version} ${MARKER}.` }),
      created_at: at(0),
      updated_at: at(0),
    }),
  );
  const error = { type: "session_creation_error", message: `Could not ${MARKER}` };
  const json = {
    events: [{ session_id: "sesn_x", event: { id: 1, text: MARKER } }],
    sessions: versions,
    environments: [environmentObject("env_A")],
    deployments: [deploymentObject("depl_A")],
    deployment_runs: [runObject("drun_A", { created_at: at(0), session_id: null, error })],
  };
  await call(ingest, "/api/v1/ingest", { method: "POST", headers: admin, json });
  const view = { name: "searched", query: `q=${MARKER}&outcome=failed` };
  await call(saveView, "/api/v1/views", { method: "POST", headers: admin, json: view });
  await alerting(admin);
});

/** A rule that has found what stands still, and a message of it. */
async function alerting(admin: { authorization: string }): Promise<void> {
  const caller = { workspace: "default", scopes: ["write" as const], via: "cookie" as const };
  const rule = { name: "Cost", kind: "session", measure: "cost", fire: 1, delay: "0s" };
  const byText = {
    ...{ name: "Lost again", kind: "threshold", metric: "grouped_errors", op: ">=", fire: 0 },
    ...{ window: "1h", delay: "0s", filters: { error_group: [GROUP], agent: ["agent_A"] } },
  };
  const before = new Date(at(0));
  for (const one of [rule, byText])
    await createRule(
      { ...caller, keyId: null, person: null, pace: null, isHeld: false, breakGlass: null },
      NewRule.parse(one),
      before,
    );
  await evaluateDue(new Date(at(120)));
  const { id } = await makeChannel(admin, { kind: "webhook", url: "http://127.0.0.1:9/" });
  await send(id, message({ ep_1: {} }));
}

const REQUIRED: Record<string, string> = {
  what: "error",
  metric: "grouped_errors",
  base: "1",
  version: "2",
  model: "claude-sonnet-5",
  ...RANGE,
};
const READS = OPERATIONS.filter(({ method, path }) => method === "GET" && !path.includes("health"));

async function idsOf(path: string): Promise<string[]> {
  if (!path.includes("{")) return [""];
  if (path.includes("/sessions/")) return IDS;
  if (path.includes("/agents/")) return ["agent_A"];
  const rows = await Promise.all([
    prisma.rejectedItem.findMany({ select: { id: true } }),
    prisma.alertRule.findMany({ select: { id: true } }),
    prisma.alertEpisode.findMany({ select: { id: true } }),
    prisma.channel.findMany({ select: { id: true } }),
    prisma.delivery.findMany({ select: { id: true } }),
  ]);
  return rows.flat().map(({ id }) => id);
}

type Asked = { path: string; id: string; answer: Answer };

/** Every read, with the parameters it takes and every id there is for it. */
async function readAll(headers: Record<string, string>): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const { path, handler } of READS) {
    const names = Object.keys(handler.spec.query?.shape ?? {});
    const query = names.filter((name) => REQUIRED[name] !== undefined);
    const search = new URLSearchParams(query.map((name) => [name, REQUIRED[name] ?? ""]));
    for (const id of await idsOf(path)) {
      const params = { id, number: "1", name: "none" };
      asked.push({
        path,
        id,
        answer: await call(handler, `${path}?${search}`, { headers, params }),
      });
    }
  }
  return asked;
}

const telling = (asked: readonly Asked[]) =>
  [
    ...new Set(asked.filter(({ answer }) => answer.text.includes(MARKER)).map(({ path }) => path)),
  ].sort();
const given = (asked: readonly Asked[]) =>
  new Set(asked.filter(({ answer }) => answer.status === 200).map(({ path }) => path));

const TELLING = [
  "/api/v1/agents/{id}/compare",
  "/api/v1/episodes/{id}",
  "/api/v1/failures/groups",
  "/api/v1/failures/stuck",
  "/api/v1/fleet/deployments",
  "/api/v1/overview",
  "/api/v1/reconcile/export",
  "/api/v1/reconcile/sessions",
  "/api/v1/rejected",
  "/api/v1/rejected/{id}",
  "/api/v1/rules",
  "/api/v1/rules/export",
  "/api/v1/rules/{id}",
  "/api/v1/rules/{id}/versions",
  "/api/v1/sessions",
  "/api/v1/sessions/export",
  "/api/v1/sessions/{id}",
  "/api/v1/sessions/{id}/events",
  "/api/v1/sessions/{id}/trace",
  "/api/v1/views",
];

it("is told by these reads to a viewer", async () => {
  expect(telling(await readAll({ cookie: viewer }))).toEqual(TELLING);
});

it("is told by the same to who has opened content, until that is over", async () => {
  const opened = await enterWithContentOpen(first);
  expect(telling(await readAll({ cookie: opened }))).toEqual(TELLING);
  await prisma.breakGlass.updateMany({ data: { until: new Date() } });
  expect(telling(await readAll({ cookie: opened }))).toEqual([]);
});

it("is told by no read to who may see figures alone, and figures are", async () => {
  for (const headers of [{ cookie: cost }, figuresKey]) {
    const asked = await readAll(headers);
    expect(telling(asked)).toEqual([]);
    for (const path of [
      ...["/api/v1/sessions", "/api/v1/sessions/{id}", "/api/v1/sessions/{id}/trace"],
      ...["/api/v1/failures/groups", "/api/v1/overview", "/api/v1/metrics", "/api/v1/alerts"],
      ...["/api/v1/sessions/export", "/api/v1/reconcile/sessions", "/api/v1/episodes/{id}"],
    ])
      expect([path, given(asked).has(path)]).toEqual([path, true]);
  }
});

it("tells who may see figures alone that a rule asks for an error, not for which", async () => {
  const { body } = await call(listRules, "/api/v1/rules", { headers: { cookie: cost } });
  const rules = (body as { data: { name: string; filters?: unknown }[] }).data;
  expect(rules.find(({ name }) => name === "Lost again")?.filters).toEqual({
    ...{ error_group: ["hidden for your role"], agent: ["agent_A"] },
  });
});

it.each([
  ["/api/v1/sessions", "q=refund"],
  ["/api/v1/sessions/counts", "q=refund"],
  ["/api/v1/sessions/export", "q=refund"],
  ["/api/v1/metrics", "metric=grouped_errors&group_by=error_group"],
  ["/api/v1/metrics/export", "metric=grouped_errors&group_by=error_group"],
  ["/api/v1/metrics", "metric=grouped_errors&error_group=Lost"],
  ["/api/v1/failures/groups", "group=session%09unknown_error%09%09%09Lost"],
])("cannot be asked for: %s?%s", async (path, query) => {
  const operation = READS.find((read) => read.path === path);
  if (!operation) throw new Error(`${path} is not there`);
  const asked = (cookie: string) =>
    call(operation.handler, `${path}?${query}&${new URLSearchParams(RANGE)}`, {
      headers: { cookie },
    });
  expect((await asked(viewer)).status).toBe(200);
  expect(await asked(cost)).toMatchObject({
    status: 403,
    body: { error: { issues: [{ message: "hidden for your role" }] } },
  });
});
