import { describe, expect, it } from "vitest";
import { capInstances } from "@/lib/alerts/cap";
import { afterEdit, asksAnew, canHave } from "@/lib/alerts/edit";
import { newInstance } from "@/lib/alerts/machine";
import type { Labels, Status } from "@/lib/alerts/schema";
import { written } from "../../support/rules";

const RULE = {
  kind: "ratio" as const,
  ...{ metric: "failure_rate", fire: 0.2, group_by: ["agent"] },
  filters: { agent: ["triage", "billing"] },
};

const edited = (change: { kind?: "threshold"; [name: string]: unknown }) => ({
  before: written(RULE),
  after: written({ ...RULE, ...change }),
});
const alert = (status: Status, labels: Labels = { agent: "triage" }) => ({
  labels,
  instance: { ...newInstance("warning", 0), status },
});

describe("an edit", () => {
  it.each([
    { name: "another" },
    { severity: "critical" },
    { annotations: { summary: "It fails." } },
    { channels: ["channel_1"] },
    { for: "10m" },
    { keep_firing_for: "10m" },
    { labels: { team: "ops" } },
  ])("of %j leaves every alert as it is", (change) => {
    const edit = edited(change);
    expect(asksAnew(edit.before, edit.after)).toBe(false);
    for (const status of ["pending", "firing", "recovering"] as const)
      expect(afterEdit(edit, alert(status))).toEqual(alert(status).instance);
  });

  it.each([
    { fire: 0.3 },
    { recover: 0.1 },
    { window: "30m" },
    { min_volume: 10 },
    { filters: { agent: ["triage"] } },
    { metric: "turn_failure_rate" },
  ])("of %j judges open ones anew and lets pending ones wait anew", (change) => {
    const edit = edited(change);
    expect(asksAnew(edit.before, edit.after)).toBe(true);
    expect(afterEdit(edit, alert("firing"))).toEqual(alert("firing").instance);
    expect(afterEdit(edit, alert("pending"))?.status).toBe("inactive");
  });

  it.each([
    { group_by: [] },
    { group_by: ["environment"] },
    { group_by: ["agent", "environment"] },
    { filters: { agent: ["billing"] } },
    { kind: "threshold" as const },
  ])("of %j closes what cannot be any more", (change) =>
    expect(afterEdit(edited(change), alert("firing"))).toBeNull(),
  );
});

describe("the label sets a rule can have", () => {
  it("of a budget are its tiers and its forecast", () => {
    const rule = written({ kind: "budget", budget: "budget_1", tiers: [0.5], forecast: false });
    expect(canHave(rule, { tier: "50%" })).toBe(true);
    expect(canHave(rule, { tier: "80%" })).toBe(false);
    expect(canHave(rule, { tier: "forecast" })).toBe(false);
  });

  it("of sessions are those its filters let through", () => {
    const filters = { agent: ["triage"] };
    const rule = written({ kind: "session", measure: "cost", fire: 1, filters });
    expect(canHave(rule, { session: "s_1", agent: "triage" })).toBe(true);
    expect(canHave(rule, { session: "s_1", agent: "billing" })).toBe(false);
  });
});

describe("more label sets than a rule may have", () => {
  const wanted = (names: string) => [...names].map((fingerprint) => ({ fingerprint }));
  const existing = (known: Record<string, Status>) =>
    new Map(Object.entries(known).map(([name, status]) => [name, { status }]));
  const admitted = (known: Record<string, Status>, names: string, most: number) => {
    const capped = capInstances(existing(known), wanted(names), most);
    return [capped.admitted.map(({ fingerprint }) => fingerprint).join(""), capped.overflow];
  };

  it("are admitted as they come, so many as fit", () => {
    expect(admitted({}, "abc", 3)).toEqual(["abc", 0]);
    expect(admitted({}, "abcde", 3)).toEqual(["abc", 2]);
  });

  it("do not push out those that are there", () => {
    expect(admitted({ d: "firing", e: "inactive" }, "abcde", 3)).toEqual(["ade", 2]);
    expect(admitted({ a: "firing", b: "firing", c: "firing" }, "abcd", 2)).toEqual(["abc", 1]);
  });

  it("leave room for open ones that have no data now", () => {
    expect(admitted({ x: "firing", y: "inactive" }, "abc", 3)).toEqual(["ab", 1]);
  });
});
