import { describe, expect, it } from "vitest";
import { briefOf, changesOf, rulesIn, writtenOf } from "@/lib/alerts/rules-file";
import { written } from "../../support/rules";

const RATIO = { name: "Failing", kind: "ratio" as const, metric: "failure_rate", fire: 0.2 };
const BEAT = { name: "Nightly", kind: "absence" as const, heartbeat: "nightly", period: "1d" };

describe("a file of rules", () => {
  it("is read with its defaults", () =>
    expect(rulesIn({ rules: [RATIO] })).toEqual({ rules: [written(RATIO)] }));

  it.each([
    [{ rules: [{ ...RATIO, fire: "0.2" }] }, "rules.0.fire"],
    [{ rules: [{ ...RATIO, wndow: "5m" }] }, "rules.0"],
    [{ rules: [RATIO, { ...BEAT, period: undefined }] }, "rules.1.period"],
    [{ rules: [RATIO, RATIO] }, "rules.1.name"],
    [[RATIO], ""],
  ])("says where it is wrong: %j", (parsed, path) =>
    expect(rulesIn(parsed)).toMatchObject({ issues: [{ path }] }),
  );
});

describe("a rule that is exported", () => {
  it.each([
    RATIO,
    BEAT,
    { ...RATIO, for: "5m", group_by: ["agent"], labels: { team: "ops" }, paused: true },
    { name: "Errors", kind: "event" as const, group_by: [] },
    { name: "Usual", kind: "change" as const, metric: "cost", fire: 1, compare: { offset: "1d" } },
  ])("has what does not go without saying, and comes back the same: %j", (rule) => {
    const brief = briefOf(written(rule));
    expect(Object.keys(brief).slice(0, 2)).toEqual(["name", "kind"]);
    expect(rulesIn({ rules: [brief] })).toEqual({ rules: [written(rule)] });
    expect(Object.keys(brief).sort()).toEqual(Object.keys(rule).sort());
  });

  it("is what was written, whatever else the API tells of it", () => {
    const item = { ...written(RATIO), id: "rule_1", version: 3, state: "firing", health: "ok" };
    expect(writtenOf(item)).toEqual(written(RATIO));
  });
});

describe("what a file changes", () => {
  const known = (id: string, rule: typeof RATIO | typeof BEAT) => ({ id, rule: written(rule) });

  it("is told by the rules' names", () => {
    const wanted = [
      written({ ...RATIO, fire: 0.3, for: "1m" }),
      written({ ...RATIO, name: "New" }),
    ];
    const changes = changesOf(wanted, [known("rule_1", RATIO), known("rule_2", BEAT)]);
    expect(changes).toEqual([
      {
        ...{ kind: "changed", id: "rule_1", rule: wanted[0] },
        fields: ['for: "0s" → "1m"', "fire: 0.2 → 0.3"],
      },
      { kind: "new", rule: wanted[1] },
      { kind: "extra", id: "rule_2", rule: written(BEAT) },
    ]);
  });

  it("is nothing when all is as written, in whatever order", () => {
    const labels = { labels: { b: "2", a: "1" } };
    const turned = { labels: { a: "1", b: "2" } };
    const there = [{ id: "rule_1", rule: written({ ...RATIO, ...labels }) }];
    expect(changesOf([written({ ...RATIO, ...turned })], there)).toEqual([]);
  });
});
