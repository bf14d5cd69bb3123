import { describe, expect, it } from "vitest";
import { cutoffsOf, faultsOf, isForEver, nextRun, policyOf } from "@/lib/retention/policy";
import { DEFAULT_SETTINGS, FOR_EVER, type RetentionSettings } from "@/lib/retention/schema";

const of = (fields: Partial<RetentionSettings>): RetentionSettings => ({
  ...DEFAULT_SETTINGS,
  ...fields,
});
const days = (content: number | null, events: number | null, spans: number | null) => ({
  ...{ content, events, spans, sessions: null },
});

describe("what holds", () => {
  it("is the default where nothing else is set", () => {
    const settings = of({ default: days(30, 90, null), connections: { conn_a: { content: 7 } } });
    expect(policyOf(settings, "")).toEqual(days(30, 90, null));
    expect(policyOf(settings, "conn_a")).toEqual(days(7, 90, null));
    expect(policyOf(settings, "conn_b")).toEqual(days(30, 90, null));
  });

  it("may be for ever where the default is not", () => {
    const settings = of({ default: days(30, null, null), pushed: { content: null } });
    expect(policyOf(settings, "")).toEqual(FOR_EVER);
  });
});

describe("order", () => {
  it.each([
    ["nothing set", {}],
    ["each longer", { default: days(7, 30, 90) }],
    ["all the same", { default: days(7, 7, 7) }],
    ["content alone", { default: days(7, null, null) }],
    ["an own that fits", { default: days(7, 30, 90), connections: { c: { events: 7 } } }],
  ])("takes %s", (_, fields) => {
    expect(faultsOf(of(fields))).toEqual([]);
  });

  it.each([
    [
      { default: days(90, 30, 90) },
      "default.events",
      "expected 90 days or more, or for ever: events cannot go before content, which is kept for 90 days",
    ],
    [
      { default: days(7, null, 30) },
      "default.spans",
      "expected for ever: spans cannot go before events, which are kept for ever",
    ],
    [
      { default: days(30, 90, null), connections: { conn_a: { events: 7 } } },
      "connections.conn_a.events",
      "expected 30 days or more, or for ever: events cannot go before content, which is kept for 30 days",
    ],
    [
      { default: days(30, 90, null), pushed: { content: 180 } },
      "pushed.events",
      "expected 180 days or more, or for ever: events cannot go before content, which is kept for 180 days",
    ],
  ])(
    "refuses, case %#, what would take a thing before what it is made of",
    (fields, path, message) => {
      expect(faultsOf(of(fields))).toEqual([{ path, message }]);
    },
  );
});

it("counts days back from now, and never where it is for ever", () => {
  const now = new Date("2026-11-26T12:00:00Z");
  const cutoffs = cutoffsOf(
    of({ default: days(30, null, null), connections: { c: { content: null } } }),
    now,
  );
  expect(cutoffs["*"]?.content).toBe("2026-10-27T12:00:00.000Z");
  expect(cutoffs["*"]?.events).toBe("-infinity");
  expect(cutoffs.c?.content).toBe("-infinity");
  expect(isForEver(cutoffs)).toBe(false);
  expect(isForEver(cutoffsOf(DEFAULT_SETTINGS, now))).toBe(true);
});

it.each([
  ["2026-11-26T00:00:00Z", "2026-11-26T02:11:00.000Z"],
  ["2026-11-26T02:11:00Z", "2026-11-27T02:11:00.000Z"],
  ["2026-12-31T23:59:59Z", "2027-01-01T02:11:00.000Z"],
])("runs every night: from %s on next at %s", (now, next) => {
  expect(nextRun(new Date(now)).toISOString()).toBe(next);
});
