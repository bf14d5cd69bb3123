import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliverDue } from "@/lib/notify/delivery-service";
import { bearer } from "@/tests/support/api";
import { deliveryOf, makeChannel, send } from "@/tests/support/channels";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { message } from "@/tests/support/notices";
import { answering, type Sink, startSink } from "@/tests/support/sink";

let write: { authorization: string };
let sink: Sink;

beforeAll(allowLoopback);
beforeEach(async () => {
  await truncateAll();
  write = await bearer("write");
  sink = await startSink();
});
afterEach(() => sink.close());

/** The second message of a group: one has opened, one that it was told of has closed. */
async function delivered(channel: object) {
  const { id } = await makeChannel(write, channel);
  await send(id, message({ ep_2: {} }));
  await deliverDue("default", id, new Date());
  sink.received.length = 0;
  const second = await send(id, message({ ep_1: {} }, { ep_2: {} }), { sequence: 2 });
  await deliverDue("default", id, new Date());
  return deliveryOf(second);
}

const TITLE = "[high] Failure rate: 1 firing, 1 closed";
const SESSION = "http://localhost:3000/sessions/sesn_1";

describe("each receiver is told in its own form", () => {
  it("Slack", async () => {
    const row = await delivered({ kind: "slack", url: `${sink.url}/services/T/B/secret` });
    expect(row).toMatchObject({ state: "sent", attempts: [{ status: 200, body: "ok" }] });
    expect(sink.received[0]?.path).toBe("/services/T/B/secret");
    const [body] = sink.bodies();
    expect(body).toMatchObject({
      text: TITLE,
      attachments: [{ color: "#d97706", fallback: TITLE, blocks: expect.any(Array) }],
    });
    const text = JSON.stringify(body);
    expect(text).toContain(`<${SESSION}|sesn_1: retries exhausted, $0.412>`);
    expect(text).toContain("*Failure rate, agent triage*\\nSeverity: high\\nValue: 31 % (9 of 29)");
    expect(text).toContain("<http://localhost:3000/alerts/silences?episode=ep_1|Silence it>");
  });

  it("Teams", async () => {
    sink.answer = answering(202);
    const row = await delivered({ kind: "teams", url: `${sink.url}/workflows/secret` });
    expect(row).toMatchObject({ state: "sent", attempts: [{ status: 202 }] });
    expect(sink.bodies()[0]).toMatchObject({
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          contentUrl: null,
          content: {
            ...{ type: "AdaptiveCard", version: "1.2", msteams: { width: "full" } },
            actions: [{ type: "Action.OpenUrl", url: "http://localhost:3000/alerts" }],
          },
        },
      ],
    });
    expect(JSON.stringify(sink.bodies()[0])).toContain(`](${SESSION})`);
  });

  it("Discord", async () => {
    sink.answer = answering(204);
    const row = await delivered({ kind: "discord", url: `${sink.url}/api/webhooks/1/secret` });
    expect(row.state).toBe("sent");
    expect(sink.bodies()[0]).toMatchObject({
      ...{ content: "", allowed_mentions: { parse: [] } },
      embeds: [
        { color: 0xd97706 },
        { title: "Failure rate, agent triage", description: expect.stringContaining(SESSION) },
        { title: "Closed: Failure rate, agent triage", color: 0x16a34a },
      ],
    });
  });

  it("PagerDuty, an event for each episode", async () => {
    sink.answer = answering(202, {}, '{"status":"success"}');
    const row = await delivered({
      ...{ kind: "pagerduty", url: `${sink.url}/v2/enqueue`, routing_key: "k".repeat(32) },
    });
    expect(row.state).toBe("sent");
    expect(sink.bodies()).toMatchObject([
      {
        ...{ routing_key: "k".repeat(32), event_action: "trigger" },
        dedup_key: "rule_1/group/ep_1",
        payload: {
          severity: "error",
          custom_details: { "Session 1": expect.stringContaining(SESSION) },
        },
        links: [{ text: "Alert" }, { text: "Silence it" }, { text: "Runbook" }],
      },
      { event_action: "resolve", dedup_key: "rule_1/group/ep_2" },
    ]);
  });

  it("PagerDuty, and the same one again when it is over", async () => {
    const { id } = await makeChannel(write, {
      ...{ kind: "pagerduty", url: sink.url, routing_key: "k".repeat(32) },
    });
    await send(id, message({ ep_1: {} }));
    await deliverDue("default", id, new Date());
    await send(id, message({}, { ep_1: {} }), { sequence: 2 });
    await deliverDue("default", id, new Date());
    const [trigger, resolve] = sink.bodies();
    expect(resolve).toEqual({
      ...{ routing_key: "k".repeat(32), event_action: "resolve", dedup_key: trigger?.dedup_key },
    });
  });

  it("Alertmanager, by whoever may", async () => {
    const basic = `Basic ${Buffer.from("watch:p:w").toString("base64")}`;
    const place = { kind: "alertmanager", url: `${sink.url}/am/` };
    await delivered({ ...place, user: "watch", password: "p:w" });
    expect(sink.received).toMatchObject([
      { path: "/am/api/v2/alerts", headers: { authorization: basic } },
    ]);
    await delivered({ ...place, url: sink.url, token: "secret-token" });
    expect(sink.received).toMatchObject([
      { path: "/api/v2/alerts", headers: { authorization: "Bearer secret-token" } },
    ]);
  });
});

it("PagerDuty gets what it has not taken again, and knows the rest by its keys", async () => {
  const { id } = await makeChannel(write, {
    ...{ kind: "pagerduty", url: sink.url, routing_key: "k".repeat(32) },
  });
  sink.answer = (request, response) =>
    answering(sink.received.length === 2 ? 500 : 202)(request, response);
  const delivery = await send(id, message({ ep_1: {}, ep_2: {}, ep_3: {} }));
  const now = Date.now();
  await deliverDue("default", id, new Date(now));
  expect((await deliveryOf(delivery)).state).toBe("retrying");
  await deliverDue("default", id, new Date(now + 20_000));
  expect((await deliveryOf(delivery)).state).toBe("sent");
  const keys = sink.bodies().map(({ dedup_key }) => String(dedup_key).slice(-4));
  expect(keys).toEqual(["ep_1", "ep_2", "ep_1", "ep_2", "ep_3"]);
});
