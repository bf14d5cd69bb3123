import { describe, expect, it } from "vitest";
import { isOverdue, nextStep } from "@/lib/notify/escalate";
import { isPager, type Route, routesOf, targetsOf, timingOf } from "@/lib/notify/route";
import { DEFAULT_TIMERS, NewRoute } from "@/lib/notify/route-schema";
import { MOST_GROUPS, overflowOf, STORM_KEY } from "@/lib/notify/storm";

const route = (id: string, fields: Partial<NewRoute> = {}): Route => ({
  ...NewRoute.parse({ name: id, channels: [`${id}-channel`], ...fields }),
  id,
});
const critical = { matchers: [{ name: "severity", op: "=" as const, value: "critical" }] };
const of = (routes: Route[], defaultChannelId: string | null = "default") => ({
  ...{ routes, defaultChannelId, exists: (id: string) => !id.startsWith("gone") },
});
const own = { channels: [], rest: "the alert" };
const channels = (...given: Parameters<typeof targetsOf>) =>
  targetsOf(...given).map(({ channelId, routeId, afterMs }) =>
    [channelId, routeId, afterMs].join(" "),
  );

describe("routes", () => {
  const labels = { severity: "critical", alertname: "Failures" };
  const routes = [
    route("first", { ...critical, continue: true }),
    route("second", critical),
    route("third"),
  ];

  it("take an alert in their order, until one does not let it go on", () => {
    expect(routesOf(routes, labels).map(({ id }) => id)).toEqual(["first", "second"]);
    expect(routesOf(routes, { severity: "high" }).map(({ id }) => id)).toEqual(["third"]);
  });

  it.each([
    ["no route", [], own, ["default  0"]],
    ["a route", [route("a")], own, ["a-channel a 0"]],
    ["the rule's channels alone", [], { ...own, channels: ["x"] }, ["x  0"]],
    [
      "both, each channel once",
      [route("a")],
      { ...own, channels: ["x", "a-channel"] },
      ["a-channel a 0", "x a 0"],
    ],
    ["a route to nobody", [route("a", { channels: [] })], own, []],
    ["a route whose channel is gone", [route("a", { channels: ["gone"] })], own, ["default a 0"]],
    ["a rule whose channel is gone", [], { ...own, channels: ["gone"] }, ["default  0"]],
    [
      "who comes next",
      [route("a", { escalate: [{ after_ms: 60_000, channels: ["boss", "a-channel"] }] })],
      own,
      ["a-channel a 0", "boss a 60000", "a-channel a 60000"],
    ],
  ])("send to those of %s", (_, all, given, expected) => {
    expect(channels(of(all), labels, given)).toEqual(expected);
  });

  it("send nowhere where there is no channel at all", () => {
    expect(channels(of([], null), labels, own)).toEqual([]);
  });

  it("group by labels, whatever their order, and a missing one is empty", () => {
    const by = (...group_by: string[]) => targetsOf(of([route("a", { group_by })]), labels, own)[0];
    expect(by("alertname", "agent")?.key).toBe(by("agent", "alertname")?.key);
    expect(by("alertname", "agent")?.group).toEqual({ agent: "", alertname: "Failures" });
    expect(by()?.group).toEqual({});
    const each = (rest: string) =>
      targetsOf(of([route("a", { group_by: ["..."] })]), labels, { channels: [], rest })[0]?.key;
    expect(each("one")).not.toBe(each("other"));
    const other = targetsOf(of([route("b", { group_by: ["agent"] })]), labels, own)[0];
    expect(other?.key).not.toBe(by("agent")?.key);
  });

  it("have timers of their own, or those of all", () => {
    expect(timingOf(route("a"), DEFAULT_TIMERS, false)).toEqual({
      ...{ groupWaitMs: 30_000, groupIntervalMs: 300_000 },
      ...{ repeatCriticalMs: 3_600_000, repeatMs: 86_400_000 },
    });
    expect(timingOf(null, DEFAULT_TIMERS, true).repeatMs).toBe(14_400_000);
    const ownTimers = { group_wait_ms: 0, group_interval_ms: 1_000, repeat_ms: 0 };
    expect(timingOf(route("a", ownTimers), DEFAULT_TIMERS, true)).toEqual({
      ...{ groupWaitMs: 0, groupIntervalMs: 1_000, repeatCriticalMs: 0, repeatMs: 0 },
    });
    expect(["slack", "pagerduty", "alertmanager"].map(isPager)).toEqual([false, true, true]);
  });
});

describe("who comes next", () => {
  const waiting = { toldMs: 1_000, acknowledged: false };

  it("is told once nobody has acknowledged for so long, the end included", () => {
    expect(isOverdue(waiting, 500, 1_499)).toBe(false);
    expect(isOverdue(waiting, 500, 1_500)).toBe(true);
    expect(isOverdue({ ...waiting, acknowledged: true }, 500, 9_000)).toBe(false);
    expect(isOverdue({ ...waiting, toldMs: null }, 500, 9_000)).toBe(false);
  });

  it("is looked for again at the next step", () => {
    expect(nextStep(waiting, [500, 900], 1_000)).toBe(1_500);
    expect(nextStep(waiting, [500, 900], 1_500)).toBe(1_900);
    expect(nextStep(waiting, [500, 900], 1_900)).toBe(null);
    expect(nextStep({ ...waiting, acknowledged: true }, [500], 1_000)).toBe(null);
    expect(nextStep({ ...waiting, toldMs: null }, [500], 1_000)).toBe(null);
  });
});

describe("a storm", () => {
  const openings = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ key: `g${index + 10}`, rank: index % 4 }));

  it("begins with more groups than a channel is to be told of", () => {
    expect(overflowOf(openings(MOST_GROUPS), new Set()).size).toBe(0);
    expect(overflowOf(openings(MOST_GROUPS + 1), new Set()).size).toBe(1);
  });

  it("leaves the worst their own messages, and groups that have had one", () => {
    const over = overflowOf(openings(24), new Set());
    expect([...over].sort()).toEqual(["g18", "g22", "g26", "g30"]);
    const lately = new Set(Array.from({ length: 25 }, (_, index) => `g${index}`));
    expect([
      ...overflowOf(
        [
          { key: "g3", rank: 0 },
          { key: "new", rank: 3 },
        ],
        lately,
      ),
    ]).toEqual(["new"]);
    expect([...overflowOf([{ key: STORM_KEY, rank: 0 }], lately)]).toEqual([]);
  });
});
