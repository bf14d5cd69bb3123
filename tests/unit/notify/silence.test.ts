import { describe, expect, it } from "vitest";
import { type Candidate, inhibiting } from "@/lib/notify/inhibit";
import { DEFAULT_SETTINGS } from "@/lib/notify/settings-schema";
import { edited, endingOf, nextTurn, type Silence, silencing, stateOf } from "@/lib/notify/silence";
import type { SilenceEdit } from "@/lib/notify/silence-schema";

const HOUR = 3_600_000;
const silence = (fields: Partial<Silence> = {}): Silence => ({
  ...{ id: "s", reason: "why", startsMs: 100, endsMs: 200 },
  ...{ end_when_closed: false, end_when_idle: false },
  matchers: [{ name: "agent", op: "=", value: "a" }],
  ...fields,
});

describe("silences", () => {
  it.each([
    [99, "pending"],
    [100, "active"],
    [199, "active"],
    [200, "expired"],
  ])("at %i: %s", (at, state) => {
    expect(stateOf(silence(), at)).toBe(state);
    expect(silencing([silence()], at)({ agent: "a" })).toBe(state === "active");
    expect(silencing([silence()], at)({ agent: "b" })).toBe(false);
  });

  it("are looked at again when one of these alerts' begins or ends", () => {
    const later = silence({ startsMs: 150, endsMs: 180 });
    const other = silence({ matchers: [{ name: "agent", op: "=", value: "b" }], endsMs: 110 });
    const turn = (at: number) => nextTurn([silence(), later, other], [{ agent: "a" }], at);
    expect([0, 100, 150, 180, 200].map(turn)).toEqual([100, 150, 180, 200, null]);
  });

  const alert = (openedMs: number, closedMs: number | null, agent = "a") => ({
    ...{ labels: { agent }, openedMs, closedMs },
  });

  it.each([
    ["nothing has come yet", {}, [], 150, null],
    ["it fires", { end_when_closed: true }, [alert(50, null)], 150, null],
    ["it has closed", { end_when_closed: true }, [alert(50, 120)], 150, "closed"],
    ["it had closed before", { end_when_closed: true }, [alert(50, 90)], 150, null],
    [
      "one of two has closed",
      { end_when_closed: true },
      [alert(50, 120), alert(60, null)],
      150,
      null,
    ],
    ["another has closed", { end_when_closed: true }, [alert(50, 120, "b")], 150, null],
    ["that is not asked for", {}, [alert(50, 120)], 150, null],
    ["nothing for an hour", { end_when_idle: true, endsMs: 9 * HOUR }, [], 100 + HOUR, "idle"],
    ["nothing for less", { end_when_idle: true, endsMs: 9 * HOUR }, [], 99 + HOUR, null],
    [
      "nothing since a close",
      { end_when_idle: true, endsMs: 9 * HOUR },
      [alert(0, 500)],
      499 + HOUR,
      null,
    ],
    ["it has not begun", { end_when_closed: true, startsMs: 160 }, [alert(50, 170)], 150, null],
  ])("end themselves or not when %s", (_, fields, alerts, at, expected) => {
    expect(endingOf(silence(fields), alerts, at)).toBe(expected);
  });

  it("keep what they were", () => {
    const row = { ...silence(), history: [] as SilenceEdit[] };
    const once = edited(row, { what: "edited", by: "ann", nowMs: 150 });
    const twice = edited({ ...once, endsMs: 300 }, { what: "expired", by: "bob", nowMs: 160 });
    expect(twice.endsMs).toBe(160);
    expect(twice.history.map(({ what, by, before }) => [what, by, before.ends_at])).toEqual([
      ["edited", "ann", new Date(200).toISOString()],
      ["expired", "bob", new Date(300).toISOString()],
    ]);
  });
});

describe("inhibition", () => {
  const alert = (id: string, fields: Partial<Candidate> = {}): Candidate => ({
    ...{ id, ruleId: `rule_${id}`, labels: { agent: "a" }, status: "firing" },
    ...{ severity: "warning", unit: "count", isHealth: false },
    ...fields,
  });
  const { inhibition } = DEFAULT_SETTINGS;
  const off = { rule_health: false, critical_over_warning: false, platform_down: false };

  it.each([
    [
      "a rule that cannot be judged, of its missing data",
      alert("h", { ruleId: "r", isHealth: true, labels: {} }),
      alert("x", { ruleId: "r", status: "no_data" }),
      true,
    ],
    [
      "of another rule's",
      alert("h", { ruleId: "r", isHealth: true, labels: {} }),
      alert("x", { status: "no_data" }),
      false,
    ],
    [
      "of what fires",
      alert("h", { ruleId: "r", isHealth: true, labels: {} }),
      alert("x", { ruleId: "r" }),
      false,
    ],
    [
      "a critical one, of a warning with its labels",
      alert("c", { severity: "critical" }),
      alert("x"),
      true,
    ],
    [
      "of a warning with other labels",
      alert("c", { severity: "critical" }),
      alert("x", { labels: { agent: "a", model: "m" } }),
      false,
    ],
    [
      "of a warning, neither with labels",
      alert("c", { severity: "critical", labels: {} }),
      alert("x", { labels: {} }),
      false,
    ],
    [
      "of what is worse than a warning",
      alert("c", { severity: "critical" }),
      alert("x", { severity: "high" }),
      false,
    ],
    [
      "the platform that is down, of an agent's rate",
      alert("p", { labels: { platform: "down" } }),
      alert("x", { unit: "ratio" }),
      true,
    ],
    ["of an agent's count", alert("p", { labels: { platform: "down" } }), alert("x"), false],
    [
      "of the fleet's rate",
      alert("p", { labels: { platform: "down" } }),
      alert("x", { unit: "ratio", labels: {} }),
      false,
    ],
    [
      "what has no data hides nothing",
      alert("p", { labels: { platform: "down" }, status: "no_data" }),
      alert("x", { unit: "ratio" }),
      false,
    ],
  ])("by %s", (_, source, target, expected) => {
    expect(inhibiting(inhibition, [source, target])(target)).toBe(expected);
    expect(inhibiting(inhibition, [source, target])(source)).toBe(false);
    expect(inhibiting(off, [source, target])(target)).toBe(false);
    expect(inhibiting(inhibition, [target])(target)).toBe(false);
  });
});
