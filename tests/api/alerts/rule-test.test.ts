import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { POST as saveRoute } from "@/app/api/v1/routes/route";
import { POST } from "@/app/api/v1/rules/[id]/test/route";
import { POST as silence } from "@/app/api/v1/silences/route";
import type { RuleTestAnswer } from "@/lib/alerts/rules-schema";
import { prisma } from "@/lib/db/client";
import { evaluateAt, instant, saveRule, settle } from "@/tests/support/alerting";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { deliveryOf, makeChannel } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { answering, type Sink, startSink } from "@/tests/support/sink";

const RULE = {
  ...{ name: "Failures", kind: "ratio", metric: "failure_rate", group_by: ["agent"] },
  ...{ window: "15m", delay: "0s", every: "30s", fire: 0.2, severity: "high" },
};

let headers: { authorization: string };
let sink: Sink;

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("write");
  sink = await startSink();
});
afterEach(() => sink.close());

const hook = (name: string, path: string, more: object = {}) =>
  makeChannel(headers, { kind: "webhook", name, url: `${sink.url}/${path}`, ...more });
async function tryOut(id: string, json: object = {}) {
  const answer = await call(POST, "/x", { method: "POST", headers, json, params: { id } });
  return { status: answer.status, told: answer.body as RuleTestAnswer };
}

/** One session of two failed: the rule fires for its agent. */
async function fire() {
  await settle("sesn_bad", 10, { failed: true });
  await settle("sesn_good", 20);
  await evaluateAt(60);
}

it("goes to the channels of its routes and to its own, each answering for itself", async () => {
  const [routed, own, later, other] = await Promise.all([
    hook("routed", "routed"),
    hook("own", "own"),
    hook("later", "later"),
    hook("other", "other"),
  ]);
  const json = {
    ...{ name: "High ones", matchers: [{ name: "severity", value: "high" }] },
    ...{ channels: [routed.id], escalate: [{ after_ms: 900_000, channels: [later.id] }] },
  };
  await call(saveRoute, "/x", { method: "POST", headers, json });
  const { id } = await saveRule({ ...RULE, channels: [own.id] });
  sink.answer = (request, response) =>
    answering(request.url === "/own" ? 500 : 200, {}, "hello")(request, response);
  const { status, told } = await tryOut(id);
  expect(status).toBe(200);
  const test = (more: object) =>
    expect.objectContaining({ reason: "test", body: "hello", ...more });
  expect(told).toMatchObject({
    ...{ made_of: "nothing", silenced: false },
    targets: [
      {
        channel: { id: routed.id, name: "routed", kind: "webhook" },
        ...{ after_ms: 0, route: { name: "High ones" }, test: test({ ok: true, status: 200 }) },
      },
      { channel: { name: "own" }, after_ms: 0, test: test({ ok: false, status: 500 }) },
      { channel: { name: "later" }, after_ms: 900_000, test: null },
    ],
  });
  expect(sink.received.map(({ path }) => path).sort()).toEqual(["/own", "/routed"]);
  const kept = await deliveryOf(told.targets[0]?.test?.delivery_id ?? "");
  expect(kept).toMatchObject({ reason: "test", state: "sent", groupKey: null });
  await tryOut(id, { escalation: true });
  expect(sink.received.map(({ path }) => path)).toContain("/later");
  expect(sink.received.map(({ path }) => path)).not.toContain(`/${other.name}`);
});

it("says what its newest episode said, marked as a test, and changes nothing", async () => {
  await hook("hook", "hook");
  const { id } = await saveRule(RULE, -600);
  await fire();
  const before = [await prisma.notice.findMany(), await prisma.alertInstance.findMany()];
  const { told } = await tryOut(id);
  expect(told).toMatchObject({ made_of: "episode", labels: { agent: "agent_a" } });
  const [sent] = sink.bodies() as [{ type: string; data: { title: string; firing: object[] } }];
  expect(sent.type).toBe("alert.test");
  expect(sent.data.title).toBe("[test] [high] Failures, agent agent_a: 50 % (1 of 2)");
  expect(sent.data.firing).toMatchObject([
    { labels: { agent: "agent_a" }, threshold: 0.2, sessions: [{ id: "sesn_bad" }, {}] },
  ]);
  expect([await prisma.notice.findMany(), await prisma.alertInstance.findMany()]).toEqual(before);
  expect(await prisma.noticeGroup.count()).toBe(0);
});

it("makes it of what it would find now where nothing has fired yet", async () => {
  await hook("hook", "hook");
  const nowSeconds = (Date.now() - instant(0).getTime()) / 1_000;
  const { id } = await saveRule({
    ...RULE,
    kind: "threshold",
    metric: "sessions_settled",
    fire: 9,
  });
  await settle("sesn_now", nowSeconds - 60, { agent: "agent_now" });
  const { told } = await tryOut(id);
  expect(told).toMatchObject({ made_of: "now", labels: { agent: "agent_now" } });
});

it("closes nothing where alerts are known by their labels", async () => {
  await hook("manager", "manager", { format: "alertmanager" });
  const { id } = await saveRule(RULE, -600);
  await fire();
  await tryOut(id, { status: "closed" });
  expect(sink.bodies()).toMatchObject([
    { status: "resolved", alerts: [{ labels: { agent: "agent_a", test: "true" } }] },
  ]);
});

it("names what would hold a real one back, and that nobody would be told", async () => {
  const { id } = await saveRule(RULE);
  expect((await tryOut(id)).told.targets).toEqual([]);
  await hook("hook", "hook");
  const json = {
    matchers: [{ name: "alertname", value: "Failures" }],
    ...{ ends_at: new Date(Date.now() + 3_600_000).toISOString(), reason: "planned" },
  };
  await call(silence, "/x", { method: "POST", headers, json });
  expect((await tryOut(id)).told).toMatchObject({ silenced: true, targets: [{ muted: false }] });
  expect(sink.received).toHaveLength(1);
  expect((await tryOut("rule_none")).status).toBe(404);
});
