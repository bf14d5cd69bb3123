import { beforeEach, expect, it } from "vitest";
import { GET as readAudit } from "@/app/api/v1/audit/route";
import { DELETE as dropBudget, PUT as putBudget } from "@/app/api/v1/budgets/[id]/route";
import { POST as addBudget } from "@/app/api/v1/budgets/route";
import { DELETE as dropChannel, PATCH as patchChannel } from "@/app/api/v1/channels/[id]/route";
import { POST as addChannel } from "@/app/api/v1/channels/route";
import {
  DELETE as dropConnection,
  PATCH as patchConnection,
} from "@/app/api/v1/connections/[id]/route";
import { POST as addConnection } from "@/app/api/v1/connections/route";
import { POST as addDemo, DELETE as dropDemo } from "@/app/api/v1/demo/route";
import { DELETE as demote, PUT as promote } from "@/app/api/v1/dimensions/route";
import { POST as ingest } from "@/app/api/v1/ingest/route";
import { POST as addKey } from "@/app/api/v1/keys/route";
import { DELETE as dropTiming, PUT as putTiming } from "@/app/api/v1/mute-timings/[id]/route";
import { POST as addTiming } from "@/app/api/v1/mute-timings/route";
import { PUT as putSettings } from "@/app/api/v1/notify-settings/route";
import { PUT as putPrices } from "@/app/api/v1/prices/route";
import { DELETE as dropRoute, PUT as putRoute } from "@/app/api/v1/routes/[id]/route";
import { PUT as orderRoutes } from "@/app/api/v1/routes/order/route";
import { POST as addRoute } from "@/app/api/v1/routes/route";
import {
  DELETE as dropRule,
  PATCH as patchRule,
  PUT as putRule,
} from "@/app/api/v1/rules/[id]/route";
import { POST as addRule } from "@/app/api/v1/rules/route";
import { DELETE as dropSilence, PUT as putSilence } from "@/app/api/v1/silences/[id]/route";
import { POST as addSilence } from "@/app/api/v1/silences/route";
import { DELETE as dropView } from "@/app/api/v1/views/[id]/route";
import { POST as addView } from "@/app/api/v1/views/route";
import { commandOrigin, within } from "@/lib/audit/origin";
import type { AuditPage } from "@/lib/audit/schema";
import { pool } from "@/lib/db/client";
import { recordCommand } from "@/lib/demo/service";
import type { RouteHandler } from "@/lib/http/route";
import { acceptItems } from "@/lib/ingest/service";
import { purgeConnection, removeSessions } from "@/lib/retention/service";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { signInByKey } from "@/tests/support/people";

let admin: { authorization: string };
beforeEach(async () => {
  await truncateAll();
  allowLoopback();
  admin = await bearer("admin");
});

/** Does it, and gives what the API answered. */
async function act(handler: RouteHandler, json?: unknown, id?: string, path = "/x") {
  const params: Record<string, string> = id === undefined ? {} : { id };
  const answer = await call(handler, path, { method: "POST", headers: admin, json, params });
  expect([answer.status < 300, answer.body]).toEqual([true, answer.body]);
  return answer.body as { id: string };
}

/** What was recorded, oldest first: action, target's name, before, after. */
async function recorded() {
  const { body } = await call(readAudit, "/api/v1/audit?limit=200", { headers: admin });
  return (body as AuditPage).data
    .map(({ action, target, before, after }) => [action, target.label, before, after])
    .reverse();
}

const any = expect.anything();
const SECRET = "(secret)";

it("records rules with what was changed of them", async () => {
  const rule = {
    ...{ name: "Failures", kind: "threshold", metric: "sessions_failed" },
    ...{ window: "5m", fire: 3 },
  };
  const { id } = await act(addRule, rule);
  await act(putRule, { ...rule, fire: 5 }, id);
  await act(patchRule, { paused: true }, id);
  await act(dropRule, undefined, id);
  expect(await recorded()).toEqual([
    ["rule.created", "Failures", null, expect.objectContaining({ fire: 3, window: "5m" })],
    ["rule.changed", "Failures", { fire: 3 }, { fire: 5 }],
    ["rule.changed", "Failures", { paused: false }, { paused: true }],
    ["rule.deleted", "Failures", expect.objectContaining({ fire: 5 }), null],
  ]);
});

it("records connections and channels without their secrets", async () => {
  const connection = await act(addConnection, {
    ...{ name: "production", base_url: "http://127.0.0.1:9", api_key: "sk-ant-api03-hidden" },
    webhook_secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  });
  await act(patchConnection, { reads_per_minute: 100 }, connection.id);
  await act(patchConnection, { admin_key: "sk-ant-admin01-hidden" }, connection.id);
  await act(dropConnection, undefined, connection.id, "/x?data=purge");
  const url = "https://127.0.0.1:9/services/hidden";
  const channel = await act(addChannel, { kind: "slack", name: "ops", url });
  await act(patchChannel, { url: "https://127.0.0.1:9/services/hidden2" }, channel.id);
  await act(dropChannel, undefined, channel.id);
  expect(await recorded()).toEqual([
    [
      ...["connection.created", "production", null],
      expect.objectContaining({ name: "production", api_key: SECRET, webhook_secrets: SECRET }),
    ],
    ["connection.changed", "production", { reads_per_minute: 240 }, { reads_per_minute: 100 }],
    ["connection.changed", "production", {}, { admin_key: SECRET }],
    ["connection.deleted", "production", any, any],
    ["channel.created", "ops", null, expect.objectContaining({ kind: "slack", secrets: SECRET })],
    ["channel.changed", "ops", any, expect.objectContaining({ secrets: SECRET })],
    ["channel.deleted", "ops", expect.objectContaining({ secrets: SECRET }), null],
  ]);
  const { rows } = await pool().query("select audit::text as text from audit");
  expect(rows.filter(({ text }) => text.includes("hidden"))).toEqual([]);
});

it("records routes, silences, mute timings and settings of messages", async () => {
  const first = await act(addRoute, { name: "All" });
  const second = await act(addRoute, { name: "Night" });
  await act(putRoute, { name: "Any" }, first.id);
  await act(orderRoutes, { ids: [second.id, first.id] });
  await act(dropRoute, undefined, first.id);
  const weekend = { weekdays: [{ from: "saturday", to: "sunday" }] };
  const timing = await act(addTiming, { name: "Weekends", intervals: [weekend] });
  await act(putTiming, { name: "Week ends", intervals: [weekend] }, timing.id);
  await act(dropTiming, undefined, timing.id);
  const matchers = [{ name: "agent", value: "a" }];
  const ends = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const silence = await act(addSilence, { matchers, ends_at: ends(1), reason: "known" });
  await act(putSilence, { matchers, ends_at: ends(2), reason: "still known" }, silence.id);
  await act(dropSilence, undefined, silence.id);
  await act(putSettings, {
    inhibition: { rule_health: false, critical_over_warning: true, platform_down: true },
  });
  expect(await recorded()).toEqual([
    ["route.created", "All", null, any],
    ["route.created", "Night", null, any],
    ["route.changed", "Any", { name: "All" }, { name: "Any" }],
    ["route.ordered", null, { order: ["Any", "Night"] }, { order: ["Night", "Any"] }],
    ["route.deleted", "Any", expect.objectContaining({ name: "Any" }), null],
    ["mute_timing.created", "Weekends", null, any],
    ["mute_timing.changed", "Week ends", { name: "Weekends" }, { name: "Week ends" }],
    ["mute_timing.deleted", "Week ends", any, null],
    ["silence.created", null, null, expect.objectContaining({ reason: "known", matchers: any })],
    [
      ...["silence.changed", null],
      { reason: "known", ends_at: any },
      { reason: "still known", ends_at: any },
    ],
    ["silence.ended", null, expect.objectContaining({ reason: "still known" }), null],
    [
      "notify_settings.changed",
      null,
      { inhibition: { rule_health: true } },
      { inhibition: { rule_health: false } },
    ],
  ]);
});

it("records budgets, prices, dimensions, views, keys and the demo", async () => {
  const budget = await act(addBudget, { name: "All", amount_nanos: 1e12 });
  await act(putBudget, { name: "All", amount_nanos: 2e12 }, budget.id);
  await act(dropBudget, undefined, budget.id);
  await act(putPrices, { based_on: 0, terms: { discounts: [{ off: 500 }] }, note: "contract" });
  await act(promote, { key: "tenant" });
  await act(demote, undefined, undefined, "/x?key=tenant");
  const view = await act(addView, { name: "Waiting", query: "outcome=waiting" });
  await act(dropView, undefined, view.id);
  await act(addKey, { name: "ci", scopes: ["ingest"] });
  await act(addDemo, { sessions: 20, days: 1 });
  await act(dropDemo);
  expect(await recorded()).toEqual([
    ["budget.created", "All", null, expect.objectContaining({ amount_nanos: 1e12 })],
    ["budget.changed", "All", { amount_nanos: 1e12 }, { amount_nanos: 2e12 }],
    ["budget.deleted", "All", expect.objectContaining({ amount_nanos: 2e12 }), null],
    ["prices.changed", any, any, any],
    ["dimension.promoted", null, null, null],
    ["dimension.demoted", null, null, null],
    ["view.saved", "Waiting", null, expect.objectContaining({ query: "outcome=waiting" })],
    ["view.deleted", null, null, null],
    ["key.created", "ci", null, expect.objectContaining({ scopes: ["ingest"], key: SECRET })],
    ["demo.requested", null, null, expect.objectContaining({ sessions: 20 })],
    ["demo.removed", null, { sessions: 0 }, null],
  ]);
});

it("records what a browser imports, not what programs send, and what commands do", async () => {
  const json = { events: [{ session_id: "sesn_x", event: { id: 1 } }] };
  await call(ingest, "/x", { method: "POST", headers: admin, json });
  const cookie = await signInByKey(admin.authorization.slice("Bearer ".length));
  const headers = { cookie, "sec-fetch-site": "same-origin" };
  await call(ingest, "/x", { method: "POST", headers, json });
  await within(commandOrigin("npm run demo"), () => recordCommand("default", null));
  const { body } = await call(readAudit, "/api/v1/audit", { headers: admin });
  expect((body as AuditPage).data).toMatchObject([
    { action: "demo.removed", actor: { kind: "system", label: "npm run demo" }, ip: null },
    {
      ...{ action: "data.imported", actor: { kind: "browser" } },
      after: { accepted: 0, updated: 0, duplicates: 0, rejected: 1 },
    },
    { action: "access.signed_in", reason: "by the API key test" },
  ]);
});

it("records what is taken away by itself: a session that was deleted there, a connection's sessions", async () => {
  const of = { workspace: "default", connectionId: "conn_1" };
  const ids = ["sesn_1", "sesn_2"];
  const items = ids.map((id, index) => {
    const data = { id, type: "session", created_at: "2026-11-20T10:00:00Z" };
    return { kind: "session" as const, index, sessionId: id, threadId: null, data };
  });
  await acceptItems({ ...of, source: "poll" }, items, [], new Date());
  expect(await removeSessions({ ...of, sessionId: "sesn_1" })).toBe(1);
  expect(await removeSessions({ ...of, sessionId: "sesn_1" })).toBe(0);
  expect(await purgeConnection(of)).toBe(1);
  const { body } = await call(readAudit, "/api/v1/audit", { headers: admin });
  expect((body as AuditPage).data).toMatchObject([
    { action: "connection.purged", target: { id: "conn_1" }, before: { sessions: 1 } },
    { action: "session.deleted", target: { id: "sesn_1" }, actor: { kind: "system" } },
  ]);
});

it("records many changes at once, more than there are connections to the database", async () => {
  const budget = { name: "All", amount_nanos: 1e12 };
  await Promise.all(Array.from({ length: 40 }, () => act(addBudget, budget)));
  expect((await recorded()).map(([action]) => action)).toEqual(Array(40).fill("budget.created"));
});
