import { describe, expect, it } from "vitest";
import type { Message, NoticeContent } from "@/lib/notify/schema";
import { sheetOf, titleOf } from "@/lib/notify/sheet";
import { measureText, reasonLines, valueText } from "@/lib/notify/words";
import { content, message } from "@/tests/support/notices";

it.each([
  [0.31, "ratio", "31 %"],
  [12_400_000_000, "nanodollars", "$12.40"],
  [1_234_567, "tokens", "1.23M tokens"],
  [1.5, "hours", "1.5 h"],
  [4_200, "ms", "4.2 s"],
  [2_880, "seconds", "48 min"],
  [0.25, "per_minute", "0.25/min"],
  [7, "count", "7"],
  [1.23456, "count", "1.23"],
  [12_345.6, "count", "12,346"],
  [null, "ratio", "no value"],
  [Number.NaN, "count", "no value"],
])("%s %s reads %s", (value, unit, text) => {
  expect(valueText(value, unit)).toBe(text);
});

it.each([
  [{}, "31 % (9 of 29)"],
  [{ unit: "nanodollars", value: 2e9 }, "$2.00 (over 29)"],
  [{ denominator: null }, "31 %"],
] satisfies [Partial<NoticeContent>, string][])(
  "case %#: a value with what it is made of",
  (of, text) => {
    expect(measureText(content(of))).toBe(text);
  },
);

const one = { ep_1: {} };
it.each([
  [message(one), "[high] Failure rate, agent triage: 31 % (9 of 29)"],
  [message({}, one), "[closed] Failure rate, agent triage"],
  [message({ ep_1: { labels: {} } }), "[high] Failure rate: 31 % (9 of 29)"],
  [message({ ep_1: {}, ep_2: { severity: "critical" } }), "[critical] Failure rate: 2 firing"],
  [message(one, { ep_2: {} }), "[high] Failure rate: 1 firing, 1 closed"],
  [message(one, {}, { more: 30 }), "[high] Failure rate: 31 firing"],
  [
    message({ ep_1: {}, ep_2: { rule: { id: "r", name: "Cost", kind: "threshold", version: 1 } } }),
    "[high] agent agent_A: 2 firing",
  ],
  [message({ ep_1: { status: "no_data", value: null } }), "[no data] Failure rate, agent triage"],
  [message({ ep_1: { health: "no such metric" } }), "[rule error] Failure rate, agent triage"],
  [
    message(one, {}, { reason: "test" }),
    "[test] [high] Failure rate, agent triage: 31 % (9 of 29)",
  ],
] satisfies [Message, string][])("case %#: a title", (of, title) => {
  expect(titleOf(of)).toBe(title);
});

it.each([
  [message(one), ["Opened"]],
  [message({}, one), ["Closed because it recovered"]],
  [message({}, { ep_1: { close_reason: "paused" } }), ["Closed because the rule was paused"]],
  [message({}, { ep_1: {}, ep_2: { close_reason: "ended" } }), ["Closed"]],
  [message(one, {}, { reason: "reminder" }), ["Reminder: it still fires"]],
  [
    message({ ep_1: { late: true } }),
    ["Opened", "Found late, while catching up after a standstill"],
  ],
  [
    message(one, {}, { acknowledged_by: "Ada", failed_channel: "chat" }),
    [
      ...["Opened", "Acknowledged by Ada"],
      "Meant for the channel “chat”, which could not deliver it",
    ],
  ],
] satisfies [Message, string[]][])("case %#: why it comes", (of, lines) => {
  expect(reasonLines(of)).toEqual(lines);
});

describe("a sheet", () => {
  it("says how bad it is, since when, and where to look", () => {
    const { entries, link, rest } = sheetOf(message(one), "https://w.example");
    expect(rest).toBeNull();
    expect(link).toEqual({ text: "Open the alert", url: "https://w.example/alerts/episodes/ep_1" });
    expect(entries[0]).toMatchObject({
      facts: [
        { name: "Severity", value: "high" },
        { name: "Value", value: "31 % (9 of 29), bound 20 %" },
        { name: "Rule", value: "failure rate above 20 % over 15 min, at least 10 sessions" },
        { name: "Since", value: "20 Nov 2026, 10:00:00 UTC, for 12 min" },
        { name: "Sessions", value: "9 sessions" },
      ],
      sessions: [
        {
          text: "sesn_1: retries exhausted, $0.412",
          url: "https://w.example/sessions/sesn_1",
        },
        {},
        {},
      ],
      links: [
        { text: "Alert" },
        { text: "Silence it", url: "https://w.example/alerts/silences?episode=ep_1" },
        { text: "Runbook", url: "https://runbooks.example.com/failures" },
      ],
    });
  });

  it("says of a close how long it lasted, and why", () => {
    const { entries, tone } = sheetOf(message({}, one), "https://w.example");
    expect(tone).toBe("closed");
    expect(entries[0]?.facts).toContainEqual({
      name: "Closed",
      value: "20 Nov 2026, 10:42:00 UTC, after 42 min, because it recovered",
    });
    expect(entries[0]?.links.map(({ text }) => text)).toEqual(["Alert", "Runbook"]);
  });
});
