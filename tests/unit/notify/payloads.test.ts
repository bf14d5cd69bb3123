import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprintOf, postedAlerts, webhookV4 } from "@/lib/notify/alertmanager-payload";
import { discordPayload } from "@/lib/notify/discord-payload";
import { mailOf } from "@/lib/notify/email-message";
import { ownPayload } from "@/lib/notify/own-payload";
import { dedupKeyOf, pagerdutyEvents } from "@/lib/notify/pagerduty-payload";
import { slackPayload } from "@/lib/notify/slack-payload";
import { teamsPayload } from "@/lib/notify/teams-payload";
import { message } from "@/tests/support/notices";
import { anyMessage, BROKEN, textsIn } from "./soup";

const BASE = "https://watch.example.com";
const AT = new Date("2026-11-20T10:12:30Z");
const told = { base: BASE, id: "dlv_1", groupKey: "group", receiver: "hook", at: AT };
const RUNS = { numRuns: 40 };

type Block = { text: { type: string; text: string } };
type Slack = { text: string; attachments: [{ fallback: string; blocks: Block[] }] };
type Embed = { title: string; description: string; fields?: { name: string; value: string }[] };
type Discord = { embeds: Embed[]; allowed_mentions: unknown };
type PagerDuty = {
  event_action: string;
  dedup_key: string;
  payload?: { summary: string; source: string; severity: string };
};

const points = (text: string) => [...text].length;
const sizeOf = ({ title, description, fields = [] }: Embed) =>
  [title, description, ...fields.flatMap(({ name, value }) => [name, value])].join("").length;

describe("limits hold for any text", () => {
  it("of Slack", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const { text, attachments } = slackPayload({ ...told, message }) as Slack;
        const [{ blocks }] = attachments;
        expect(text.length).toBeLessThanOrEqual(3_000);
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const block of blocks) {
          expect(block.text.text.length).toBeLessThanOrEqual(3_000);
          expect(block.text.text.length).toBeGreaterThan(0);
        }
        expect(JSON.stringify(blocks.map((block) => block.text.text)).length).toBeLessThan(16_000);
        expect(blocks.reduce((sum, block) => sum + block.text.text.length, 0)).toBeLessThan(12_500);
      }),
      RUNS,
    );
  });

  it("of Discord", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const { embeds, allowed_mentions } = discordPayload({ ...told, message }) as Discord;
        expect(allowed_mentions).toEqual({ parse: [] });
        expect(embeds.length).toBeLessThanOrEqual(10);
        expect(embeds.reduce((sum, embed) => sum + sizeOf(embed), 0)).toBeLessThanOrEqual(6_000);
        for (const { title, description, fields = [] } of embeds) {
          expect(title.length).toBeLessThanOrEqual(256);
          expect(description.length).toBeLessThanOrEqual(4_096);
          expect(fields.length).toBeLessThanOrEqual(25);
          for (const { name, value } of fields) {
            expect(name.length).toBeLessThanOrEqual(256);
            expect(value.length).toBeLessThanOrEqual(1_024);
          }
        }
      }),
      RUNS,
    );
  });

  it("of Teams, in bytes", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const bytes = Buffer.byteLength(JSON.stringify(teamsPayload({ ...told, message })));
        expect(bytes).toBeLessThanOrEqual(28_000);
      }),
      RUNS,
    );
  });

  it("of PagerDuty", () => {
    fc.assert(
      fc.property(anyMessage, fc.string({ maxLength: 600 }), (message, groupKey) => {
        const events = pagerdutyEvents({ ...told, message, groupKey, routingKey: "r".repeat(32) });
        for (const event of events as PagerDuty[]) {
          expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(512_000);
          expect(points(event.dedup_key)).toBeLessThanOrEqual(255);
          expect(event.dedup_key.length).toBeGreaterThan(0);
          expect((event.payload?.summary ?? "").length).toBeLessThanOrEqual(1_024);
        }
      }),
      RUNS,
    );
  });

  it("and no character is cut in two, for any receiver", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const all = { ...told, message, routingKey: "key" };
        const { images: _images, ...mail } = mailOf(all);
        const payloads = [
          ...[slackPayload(all), discordPayload(all), teamsPayload(all), pagerdutyEvents(all)],
          ...[webhookV4(all), postedAlerts(all), mail],
        ];
        for (const text of payloads.flatMap(textsIn)) expect(text).not.toMatch(BROKEN);
        expect(mail.subject.length).toBeLessThanOrEqual(200);
        expect(mail.subject).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 20 },
    );
  });
});

describe("nobody's text becomes markup", () => {
  const evil = "<!channel> <at>you</at> @everyone <script>alert(1)</script> [x](http://evil) & \"'";
  const nasty = message({ ep_1: { summary: evil, labels: { agent: evil }, names: {} } });

  it("of Slack", () => {
    const text = JSON.stringify(slackPayload({ ...told, message: nasty }));
    expect(text).toContain("&lt;!channel&gt;");
    expect(text).not.toMatch(/<!|<at>|<script/);
  });
  it("of a mail", () => {
    const { html } = mailOf({ ...told, message: nasty });
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).not.toMatch(/<script|<at>/);
  });
  it("of Discord and Teams", () => {
    const texts = [discordPayload, teamsPayload].map((payload) =>
      textsIn(payload({ ...told, message: nasty })).join("\n"),
    );
    for (const text of texts) {
      expect(text).toContain("\\[x\\]\\(http");
      expect(text).not.toMatch(/(?<!\\)\[x\]/);
      expect(text).not.toMatch(/(?<!\\)<at/);
    }
  });
});

it("nobody's text turns what stands beside it, or steers a terminal, for any reader", () => {
  const evil = "a\u202ab\u202ec\u2066d\u2069\u001b[2J\u0007\u009b";
  const nasty = message({ ep_1: { summary: evil, labels: { agent: evil }, names: {} } });
  const { subject, text, html } = mailOf({ ...told, message: nasty });
  const payloads = [slackPayload, discordPayload, teamsPayload];
  const cards = payloads.flatMap((payload) => textsIn(payload({ ...told, message: nasty })));
  const all = [subject, text, html, ...cards].join("\n");
  expect(all).toContain("a�b�c�d��[2J��");
  expect(all).not.toMatch(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
});

describe("PagerDuty", () => {
  const events = (of: ReturnType<typeof message>) =>
    pagerdutyEvents({ ...told, message: of, routingKey: "key" }) as PagerDuty[];

  it("opens and closes one incident for each episode, by the same key", () => {
    const [trigger] = events(message({ ep_1: {} }));
    const [, resolve] = events(message({ ep_2: {} }, { ep_1: {} }));
    expect(trigger).toMatchObject({
      ...{ event_action: "trigger", dedup_key: "rule_1/group/ep_1" },
      payload: {
        summary: "[high] Failure rate, agent triage: 31 % (9 of 29)",
        ...{
          source: "watch.example.com",
          severity: "error",
          timestamp: "2026-11-20T10:00:00.000Z",
        },
      },
      client_url: `${BASE}/alerts/episodes/ep_1`,
    });
    expect(resolve).toEqual({
      routing_key: "key",
      ...{ event_action: "resolve", dedup_key: "rule_1/group/ep_1" },
    });
  });

  it.each([
    ["info", "info"],
    ["warning", "warning"],
    ["high", "error"],
    ["critical", "critical"],
  ] as const)("has for %s the severity %s", (severity, theirs) => {
    expect(events(message({ ep_1: { severity } }))[0]?.payload?.severity).toBe(theirs);
  });

  it("keeps long keys apart", () => {
    const keyOf = (episodeId: string) =>
      dedupKeyOf({ ruleId: "rule_1", groupKey: "g".repeat(300), episodeId });
    expect(keyOf("ep_1")).toBe(keyOf("ep_1"));
    expect(keyOf("ep_1")).not.toBe(keyOf("ep_2"));
  });
});

describe("Alertmanager", () => {
  const both = message(
    { ep_2: { labels: { agent: "b", "metadata.tenant": "acme" } } },
    { ep_1: {} },
  );

  it("is told of open ones without an end and of closed ones with theirs", () => {
    expect(webhookV4({ ...told, message: both })).toMatchObject({
      ...{
        version: "4",
        status: "firing",
        receiver: "hook",
        groupKey: "group",
        truncatedAlerts: 0,
      },
      ...{ groupLabels: { agent: "agent_A" }, externalURL: `${BASE}/alerts` },
      commonLabels: { alertname: "Failure rate", rule_id: "rule_1", severity: "high" },
      alerts: [
        {
          status: "firing",
          labels: { agent: "b", metadata_tenant: "acme", alertname: "Failure rate" },
          annotations: { value: "31 % (9 of 29)", runbook_url: expect.any(String) },
          ...{ startsAt: "2026-11-20T10:00:00.000Z", endsAt: "0001-01-01T00:00:00Z" },
          generatorURL: `${BASE}/alerts/episodes/ep_2`,
        },
        { status: "resolved", endsAt: "2026-11-20T10:42:00.000Z" },
      ],
    });
    expect(webhookV4({ ...told, message: message({}, { ep_1: {} }) })).toMatchObject({
      status: "resolved",
    });
  });

  it("holds posted ones until it is told of their end", () => {
    const [firing, closed] = postedAlerts({ ...told, message: both });
    expect(Date.parse(firing?.endsAt ?? "") - AT.getTime()).toBeGreaterThan(7 * 86_400_000);
    expect(closed?.endsAt).toBe("2026-11-20T10:42:00.000Z");
  });

  it("has Prometheus' fingerprints", () => {
    expect(fingerprintOf({})).toBe("cbf29ce484222325");
    expect(fingerprintOf({ b: "1", a: "2" })).toBe(fingerprintOf({ a: "2", b: "1" }));
    expect(fingerprintOf({ a: "2", b: "1" })).not.toBe(fingerprintOf({ a: "1", b: "2" }));
  });
});

it("the own format says what, how bad, since when, and where to look", () => {
  const payload = ownPayload({ ...told, message: message({ ep_1: {} }, {}, { more: 2 }) });
  expect(payload).toEqual({
    type: "alert.opened",
    timestamp: "2026-11-20T10:12:30.000Z",
    data: {
      title: "[high] Failure rate: 3 firing",
      text: "Opened",
      ...{ reason: "opened", group: { agent: "agent_A" }, more: 2, closed: [] },
      ...{ acknowledged_by: null, failed_channel: null },
      firing: [
        {
          episode_id: "ep_1",
          rule: { id: "rule_1", name: "Failure rate", kind: "ratio", version: 3 },
          ...{ labels: { agent: "agent_A" }, names: { agent_A: "triage" } },
          ...{ severity: "high", status: "firing", close_reason: null, closed_at: null },
          ...{ opened_at: "2026-11-20T10:00:00.000Z", at: "2026-11-20T10:12:00.000Z" },
          ...{ value: 0.31, numerator: 9, denominator: 29, unit: "ratio", threshold: 0.2 },
          condition: "failure rate above 20 % over 15 min, at least 10 sessions",
          ...{ summary: null, description: null, health: null, flapping: false, late: false },
          runbook_url: "https://runbooks.example.com/failures",
          sessions: [
            {
              ...{ id: "sesn_1", outcome: "retries_exhausted", cost_nanos: 412_000_000 },
              url: `${BASE}/sessions/sesn_1`,
            },
            expect.objectContaining({ id: "sesn_2" }),
            expect.objectContaining({ id: "sesn_3" }),
          ],
          session_count: 9,
          url: `${BASE}/alerts/episodes/ep_1`,
          silence_url: `${BASE}/alerts/silences?episode=ep_1`,
        },
      ],
    },
  });
});
