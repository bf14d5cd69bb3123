import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { POST as saveBudget } from "@/app/api/v1/budgets/route";
import { POST as ingest } from "@/app/api/v1/ingest/route";
import { POST as remask } from "@/app/api/v1/masking/runs/route";
import { POST as saveTiming } from "@/app/api/v1/mute-timings/route";
import { ROUTES } from "@/app/api/v1/openapi.json/operations";
import { GET } from "@/app/api/v1/openapi.json/route";
import { POST as reprice } from "@/app/api/v1/prices/repricings/route";
import { PUT as savePrices } from "@/app/api/v1/prices/route";
import { POST as saveRoute } from "@/app/api/v1/routes/route";
import { POST as saveSilence } from "@/app/api/v1/silences/route";
import { POST as saveView } from "@/app/api/v1/views/route";
import { saveBeat } from "@/lib/alerts/heartbeat-store";
import { NewRule } from "@/lib/alerts/rule-schema";
import { createRule } from "@/lib/alerts/rule-service";
import { evaluateDue } from "@/lib/alerts/service";
import { prisma } from "@/lib/db/client";
import type { RouteHandler } from "@/lib/http/route";
import { askToErase, eraseSessions } from "@/lib/retention/erasure-service";
import { placeHold } from "@/lib/retention/hold-service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { makeChannel, send } from "@/tests/support/channels";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { event } from "@/tests/support/events";
import { LONG, longSession } from "@/tests/support/long-session";
import { message } from "@/tests/support/notices";
import { enterFirst } from "@/tests/support/people";
import {
  agentObject,
  deploymentObject,
  environmentObject,
  runObject,
  sessionObject,
} from "@/tests/support/platform/objects";
import { DC_07, HP_05 } from "@/tests/support/recorded";
import { keep, retain } from "@/tests/support/retention";
import { storeItems, storeRecorded } from "@/tests/support/stored";

type Schema = Record<string, unknown>;
type Parameter = { name: string; in: string; required?: boolean; schema: Schema };
type Operation = {
  summary: string;
  parameters?: Parameter[];
  security?: unknown[];
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

const FOLDER = join(import.meta.dirname, "../../app/api/v1");
const CONNECTION = "conn_1";
const CHANNEL = "chan_1";
const DELIVERY = "dlv_1";
const SILENCE = "slnc_1";
const RULE = "rule_1";
const EPISODE = "epis_1";
const CALLER = {
  workspace: "default",
  via: "cookie" as const,
  keyId: null,
  person: null,
  pace: null,
  isHeld: false,
  breakGlass: null,
};
const ERROR_GROUP = "session\tunknown_error\t\t\tLost";
const REPRICING = "repr_1";
const REMASKING = "mask_1";
const ERASURE = "erase_1";
const REJECTED = "00000000-0000-4000-8000-000000000001";
let admin: { authorization: string };
let document: Document;

beforeAll(async () => {
  await truncateAll();
  admin = await bearer("admin");
  await storeItems(LONG, longSession(10));
  await storeRecorded(HP_05);
  await storeRecorded(DC_07);
  const processed_at = new Date(Date.now() - 3_600_000).toISOString();
  const lost = { type: "unknown_error", message: "Lost", retry_status: { type: "retrying" } };
  await storeItems("sesn_silent", [
    event("session.status_running", null, { processed_at }),
    event("session.error", null, { processed_at, error: lost }),
  ]);
  const json = {
    events: [{ session_id: "sesn_x", event: { id: 1 } }],
    agents: [agentObject("agent_A", 2)],
    sessions: [versionRan(1, 48), versionRan(2, 2)],
    environments: [environmentObject("env_A")],
    deployments: [deploymentObject("depl_A")],
    deployment_runs: [runObject("drun_A")],
    vaults: [{ id: "vlt_A", display_name: "CRM" }],
  };
  await call(ingest, "/api/v1/ingest", { method: "POST", headers: admin, json });
  await prisma.rejectedItem.updateMany({ data: { id: REJECTED } });
  const view = { name: "Waiting", query: "outcome=waiting" };
  await call(saveView, "/api/v1/views", { method: "POST", headers: admin, json: view });
  const budget = { name: "All", amount_nanos: 1e12 };
  await call(saveBudget, "/api/v1/budgets", { method: "POST", headers: admin, json: budget });
  const discount = { based_on: 0, terms: { discounts: [{ off: 500 }] } };
  await call(savePrices, "/api/v1/prices", { method: "PUT", headers: admin, json: discount });
  await call(reprice, "/x", { method: "POST", headers: admin, json: { kind: "preview" } });
  await prisma.repricing.updateMany({ data: { id: REPRICING } });
  const look = { kind: "preview", revision: 0 };
  await call(remask, "/x", { method: "POST", headers: admin, json: look });
  await prisma.maskingRun.updateMany({ data: { id: REMASKING } });
  allowLoopback();
  await connectTo({ url: "http://127.0.0.1:9", apiKey: "sk-ant-api03-test" }, admin);
  await prisma.connection.updateMany({ data: { id: CONNECTION } });
  const webhook = { workspace: "default", connectionId: CONNECTION, receivedAt: new Date() };
  await prisma.webhookDelivery.create({
    data: { ...webhook, webhookId: "whe_1", type: "session.updated", resourceId: HP_05 },
  });
  await prisma.webhookFailure.create({
    data: { ...webhook, id: randomUUID(), reason: "old_timestamp" },
  });
  await makeChannel(admin, { kind: "webhook", url: "http://127.0.0.1:9/" });
  await prisma.channel.updateMany({ data: { id: CHANNEL } });
  await send(CHANNEL, message({ ep_1: {} }), { id: DELIVERY });
  const post = (handler: RouteHandler, json: object) =>
    call(handler, "/x", { method: "POST", headers: admin, json });
  await post(saveRoute, { name: "All", channels: [CHANNEL] });
  await post(saveTiming, {
    name: "Weekends",
    intervals: [{ weekdays: [{ from: "saturday", to: "sunday" }] }],
  });
  const ends_at = new Date(Date.now() + 3_600_000).toISOString();
  await post(saveSilence, { matchers: [{ name: "agent", value: "a" }], ends_at, reason: "test" });
  await prisma.silence.updateMany({ data: { id: SILENCE } });
  await openEpisode();
  await eraseAndHold();
  await enterFirst();
  await prisma.breakGlass.create({
    data: {
      ...{ workspace: "default", id: "glass_1", personId: "pers_1", email: "cleo@example.com" },
      ...{ reason: "TICKET-7: what was said?", openedAt: new Date(), until: new Date() },
    },
  });
  document = (await call(GET, "/api/v1/openapi.json", { headers: admin })).body as Document;
});

/** A session that is erased for good, another that is held, and a run of retention. */
async function eraseAndHold(): Promise<void> {
  await storeItems("sesn_erased", [event("session.status_running", 0)]);
  const subject = { by: "sessions" as const, session_ids: ["sesn_erased"], connection_id: null };
  await askToErase("default", { subject, reason: "as asked", sessions: 1 }, { by: "test" });
  await prisma.erasure.updateMany({ data: { id: ERASURE } });
  await eraseSessions();
  const held = { ...subject, session_ids: [LONG] };
  await placeHold("default", { subject: held, reason: "a case" }, { by: "test" });
  await keep({ content: 36_500 });
  await retain(new Date());
}

/** A rule that has found the silent session, and a heartbeat. */
async function openEpisode(): Promise<void> {
  await saveBeat("default", "nightly");
  const rule = { name: "Silent", kind: "session", measure: "silence", fire: 60, delay: "0s" };
  const before = new Date(Date.now() - 120_000);
  await createRule({ ...CALLER, scopes: ["write"] }, NewRule.parse(rule), before);
  await evaluateDue(new Date());
  await prisma.alertRule.updateMany({ data: { id: RULE } });
  await prisma.alertRuleVersion.updateMany({ data: { ruleId: RULE } });
  await prisma.alertInstance.updateMany({ data: { ruleId: RULE, episodeId: EPISODE } });
  await prisma.alertEpisode.updateMany({ data: { ruleId: RULE, id: EPISODE } });
  await prisma.alertTransition.updateMany({ data: { ruleId: RULE, episodeId: EPISODE } });
}

/** A session of one version of an agent, so many hours ago. */
function versionRan(version: number, hours: number) {
  const at = new Date(Date.now() - hours * 3_600_000).toISOString();
  const agent = agentObject("agent_A", version, { system: `Version ${version}.` });
  return sessionObject(`sesn_v${version}`, "", { agent, created_at: at, updated_at: at });
}

/** The document's schema as one that stands alone, checked by Zod's reading of JSON Schema. */
function validatorOf(schema: Schema): z.ZodType {
  const local = JSON.parse(
    JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll(
      "#/components/schemas/",
      "#/$defs/",
    ),
  );
  return z.fromJSONSchema(local);
}

const paths = [...ROUTES, ["/api/v1/openapi.json", { GET }] as const];

it("names every route of /api/v1, and no other", () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("route.ts"))
    .map((file) => `/api/v1/${file.replace(/\/?route\.ts$/, "").replace(/\[(\w+)\]/g, "{$1}")}`);
  expect(Object.keys(document.paths).sort()).toEqual(files.sort());
  expect(document.openapi).toBe("3.1.0");
});

it("is for readers", async () => {
  expect((await call(GET, "/x", { headers: await bearer("read") })).status).toBe(200);
  expect((await call(GET, "/x", { headers: await bearer("ingest") })).status).toBe(403);
  expect((await call(GET, "/x")).status).toBe(401);
});

it("says of each operation who may call it, and that is so", async () => {
  for (const [path, handlers] of paths)
    for (const [method, operation] of Object.entries(document.paths[path] ?? {})) {
      const handler = (handlers as Record<string, RouteHandler>)[method.toUpperCase()];
      const answer = await call(handler as RouteHandler, path, { method: method.toUpperCase() });
      expect([path, method, answer.status === 401]).toEqual([
        path,
        method,
        "security" in operation,
      ]);
      expect(operation.summary).not.toBe("");
    }
});

describe("live answers are as the document has them", () => {
  /** Values for what an operation cannot do without. */
  const REQUIRED: Record<string, string> = {
    what: "error",
    metric: "cost",
    group: ERROR_GROUP,
    from: new Date(Date.now() - 86_400_000).toISOString(),
    base: "1",
    model: "claude-sonnet-5",
    version: "2",
  };
  const idsOf = (path: string) => {
    if (!path.includes("{id}")) return [""];
    if (path.startsWith("/api/v1/rejected/")) return [REJECTED];
    if (path.startsWith("/api/v1/agents/")) return ["agent_A"];
    if (path.startsWith("/api/v1/prices/")) return [REPRICING];
    if (path.startsWith("/api/v1/masking/")) return [REMASKING];
    if (path.startsWith("/api/v1/channels/")) return [CHANNEL];
    if (path.startsWith("/api/v1/deliveries/")) return [DELIVERY];
    if (path.startsWith("/api/v1/erasures/")) return [ERASURE];
    if (path.startsWith("/api/v1/silences/")) return [SILENCE];
    if (path.startsWith("/api/v1/rules/")) return [RULE];
    if (path.startsWith("/api/v1/episodes/")) return [EPISODE];
    return path.startsWith("/api/v1/connections/") ? [CONNECTION] : [LONG, HP_05, DC_07];
  };
  const reads = paths.filter(([, handlers]) => {
    const get = (handlers as Record<string, unknown>).GET;
    return typeof get === "function" && !("refuses" in get);
  });
  const calls = reads.flatMap(([path, handlers]) =>
    idsOf(path).map((id) => [path, id, (handlers as Record<string, RouteHandler>).GET] as const),
  );

  it.each(calls)("GET %s %s", async (path, id, handler) => {
    const operation = document.paths[path]?.get;
    const required = (operation?.parameters ?? []).filter((p) => p.in === "query" && p.required);
    const search = new URLSearchParams(required.map(({ name }) => [name, REQUIRED[name] ?? ""]));
    const answer = await call(handler as RouteHandler, `${path}?${search}`, {
      headers: admin,
      params: { id, number: "1" },
    });
    expect([answer.status, answer.status === 200 ? "" : answer.text]).toEqual([200, ""]);
    const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
    const schema = operation?.responses[200]?.content?.[type]?.schema;
    expect(schema, `${path} does not describe ${type}`).toBeDefined();
    const value = type === "application/json" ? answer.body : answer.text;
    const checked = validatorOf(schema ?? {}).safeParse(value);
    expect(checked.error?.issues ?? []).toEqual([]);
    // A list that is empty would prove nothing of its items.
    const { data } = Object(value) as { data?: unknown[] };
    if (data) expect(data.length).toBeGreaterThan(0);
  });

  it("would see an answer that is not", () => {
    const schema = document.paths["/api/v1/sessions"]?.get?.responses[200]?.content;
    const validator = validatorOf(schema?.["application/json"]?.schema ?? {});
    expect(validator.safeParse({ data: [{ id: "x" }], next_cursor: null }).success).toBe(false);
    expect(validator.safeParse({ data: [], next_cursor: 1 }).success).toBe(false);
    expect(validator.safeParse({ data: [], next_cursor: null }).success).toBe(true);
  });

  it("errors too", async () => {
    const answer = await call(GET, "/x");
    const schema = document.paths["/api/v1/sessions"]?.get?.responses.default?.content;
    const validator = validatorOf(schema?.["application/json"]?.schema ?? {});
    expect(validator.safeParse(answer.body).error?.issues ?? []).toEqual([]);
  });
});
