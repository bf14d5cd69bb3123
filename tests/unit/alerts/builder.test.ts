import { describe, expect, it } from "vitest";
import { draftFrom, linkOf } from "@/components/alerts/draft-link";
import { issueWords } from "@/components/alerts/issue-words";
import { readDraft } from "@/components/alerts/rule-body";
import { changesOf } from "@/components/alerts/rule-changes";
import { draftOf, linkedRule, newDraft, ruleLink, ruleWords } from "@/components/alerts/rule-draft";
import { figureTyped, typedFigure, typedMs, typedNumber } from "@/components/alerts/typed-figure";
import { checkRule } from "@/lib/alerts/rule";
import { KINDS, NewRule } from "@/lib/alerts/rule-schema";
import type { Unit } from "@/lib/metrics/metric";
import { written } from "../../support/rules";

describe("figures as they are typed", () => {
  it.each<[string, Unit, number | null]>([
    ["20", "ratio", 0.2],
    ["0.1 %", "ratio", 0.001],
    ["14.3", "ratio", 0.143],
    ["$1,250.50", "nanodollars", 1_250_500_000_000],
    ["five", "nanodollars", null],
    ["15m", "seconds", 900],
    ["1h 30m", "seconds", 5_400],
    ["15", "seconds", null],
    ["4.2 s", "ms", 4_200],
    ["800ms", "ms", 800],
    ["200k", "tokens", 200_000],
    ["-3", "count", -3],
    ["", "count", null],
  ])("%s of %s", (text, unit, value) => {
    expect(typedFigure(text, unit)).toBe(value);
  });

  it.each<[number, Unit, string]>([
    [0.143, "ratio", "14.3"],
    [5_000_000_000, "nanodollars", "5"],
    [900, "seconds", "15m"],
    [4_200, "ms", "4.2s"],
    [800, "ms", "800ms"],
    [200_000, "tokens", "200000"],
  ])("%s of %s and back", (value, unit, text) => {
    expect(figureTyped(value, unit)).toBe(text);
    expect(typedFigure(text, unit)).toBe(value);
  });

  it("takes no length for a number, and no number for a length", () => {
    expect([typedMs("12"), typedMs("m"), typedNumber("1,20"), typedNumber("1e3")]).toEqual([
      ...[null, null, null, null],
    ]);
  });
});

/** One of each kind, with what only it has. */
const RULES = [
  written({
    ...{ kind: "ratio", metric: "failure_rate", fire: 0.2, recover: 0.1, min_volume: 10 },
    ...{ min_bad: 3, group_by: ["agent"], filters: { environment: ["prod"] }, for: "2m" },
    ...{ tiers: [{ fire: 0.5, severity: "critical" }], labels: { team: "core" } },
    annotations: { summary: "{{ value }}" },
  }),
  written({ kind: "threshold", metric: "cost", fire: 5e9, window: "1h", warn: 2.5e9 }),
  written({ kind: "threshold", metric: "turns", op: "outside", fire: [10, 20] }),
  written({
    ...{ kind: "change", metric: "turn_duration", fire: 1, agg: "p99" },
    compare: { offset: "1d", mode: "relative", min_baseline: 10, min_delta: 5_000 },
  }),
  written({ kind: "anomaly", metric: "cost", anomaly: { spreads: 4, min_delta: 1e9 } }),
  written({ kind: "burn_rate", slo: 0.99, factor: 14.4 }),
  written({ kind: "absence", metric: "ingest_events", window: "30m" }),
  written({ kind: "absence", heartbeat: "nightly", period: "1d", expect_first: true }),
  written({ kind: "budget", budget: "bdg_1", tiers: [0.5, 1], forecast: false }),
  written({ kind: "composite", rules: { a: "rule_1", b: "rule_2" }, expression: "a && !b" }),
  written({ kind: "session", measure: "waiting", fire: 900 }),
  written({
    ...{ kind: "session", measure: "cost", fire: 5e9 },
    action: { kind: "interrupt", mode: "live", per_hour: 3 },
  }),
  written({ kind: "session", measure: "tokens", fire: 5e6, action: { kind: "interrupt" } }),
  written({ kind: "event", source: "webhook", types: ["deployment.failed"], group_by: [] }),
];

describe("the form of a rule", () => {
  it.each(RULES.map((rule) => [rule.kind, ruleWords(rule), rule] as const))(
    "gives back a rule of %s as it was: %s",
    (_, __, rule) => {
      const { body, issues } = readDraft(draftOf(rule));
      expect(issues).toEqual({});
      expect(NewRule.parse(body)).toEqual(rule);
    },
  );

  it("says of what cannot be read where it stands", () => {
    const draft = { ...newDraft("ratio"), fire: "many", min_bad: "three", warn: "5" };
    const { issues, body } = readDraft({ ...draft, tiers: [{ fire: "", severity: "critical" }] });
    expect(issues).toEqual({
      fire: "expected a value like 20",
      min_bad: "expected a number",
      "tiers.0.fire": "expected a value like 20",
    });
    expect(body).not.toHaveProperty("fire");
    expect(body.warn).toBe(0.05);
  });

  it("keeps, of a rule that a link brings along, what makes sense", () => {
    const { rule } = ruleLink({ kind: "session", measure: "cost", fire: 5e9, group_by: 3 });
    const draft = draftOf(linkedRule(rule ?? null) ?? {});
    expect(draft).toMatchObject({ kind: "session", measure: "cost", fire: "5", group_by: [] });
    expect([linkedRule("{"), linkedRule("[1]"), linkedRule(null)]).toEqual([null, null, null]);
  });

  it("begins every kind with something that can be read", () => {
    const missing = { budget: ["budget"], composite: ["rules"] } as Record<string, string[]>;
    for (const kind of KINDS) {
      const fire = kind === "self" ? "1m" : "1";
      const issues = Object.keys(readDraft({ ...newDraft(kind), fire }).issues);
      expect([kind, issues]).toEqual([kind, missing[kind] ?? []]);
    }
  });
});

it("tells what a version says otherwise than the one before", () => {
  const before = written({ kind: "ratio", metric: "failure_rate", fire: 0.2 });
  const after = { ...before, fire: 0.3, labels: { team: "core" }, group_by: ["agent"] };
  expect(changesOf(before, after)).toEqual([
    { field: "fire", before: "20 %", after: "30 %" },
    { field: "group_by", before: "–", after: "agent" },
    { field: "labels.team", before: "–", after: "core" },
  ]);
});

it("a rule that is typed is refused for the reasons that the API gives", () => {
  const { body } = readDraft({ ...newDraft("burn_rate"), name: "budget", slo: "90" });
  expect(checkRule(NewRule.parse(body)).map(({ path }) => path)).toEqual(["factor"]);
});

describe("a link to a draft", () => {
  it.each(RULES.map((rule) => [rule.kind, rule] as const))("gives a rule of %s back", (_, rule) => {
    const draft = draftOf(rule);
    const start = draftOf({ kind: "ratio", fire: 0.4, recover: 0.1, labels: { team: "core" } });
    const link = linkOf(draft, start);
    expect(readDraft(draftFrom(start, link)).body).toEqual(readDraft(draft).body);
    expect(linkOf(draftFrom(draft, link), draft)).toBeNull();
  });

  it("says only what is changed, and nothing where it makes no sense", () => {
    const start = draftOf(
      written({ kind: "ratio", metric: "failure_rate", fire: 0.2, recover: 0.1 }),
    );
    const link = linkOf({ ...start, fire: "30", recover: "", name: "Other" }, start);
    expect(JSON.parse(link ?? "")).toEqual({ fire: 0.3, recover: null, name: "Other" });
    for (const broken of [null, "", "{", "[1]", "7"]) expect(draftFrom(start, broken)).toBe(start);
  });
});

it.each<[Record<string, unknown>, string, string]>([
  [{ fire: 20 }, "fire", "it is a share, and never above 100 %"],
  [
    { fire: 0.2, recover: 0.4 },
    "recover",
    "it must lie on the good side of where it fires, or one that fires could never close",
  ],
  [{ fire: 0.2, warn: 0.4 }, "warn", "it must be reached before it fires: a smaller number"],
  [
    { fire: 0.2, tiers: [{ fire: 0.1, severity: "critical" }] },
    "tiers.0.fire",
    "it must lie farther out than where it fires",
  ],
  [{ kind: "burn_rate", slo: 0.9, factor: 14.4 }, "factor", "with an SLO of 90 %"],
  [{ metric: "cost", fire: 0.2 }, "metric", "cost is a sum, no ratio: use the kind threshold"],
])("what is wrong with %j is said in the units of the sentence", (fields, path, words) => {
  const rule = written({ kind: "ratio", metric: "failure_rate", ...fields } as never);
  const issues = Object.fromEntries(checkRule(rule).map((one) => [one.path, one.message]));
  expect(issueWords(issues, draftOf(rule))[path]).toContain(words);
});

it("says of a share that is none what one is", () => {
  const draft = { ...newDraft("burn_rate"), slo: "100" };
  const parsed = NewRule.safeParse({ ...readDraft(draft).body, name: "a" });
  const issues = Object.fromEntries(
    (parsed.error?.issues ?? []).map(({ path, message }) => [path.join("."), message]),
  );
  expect(issueWords(issues, draft)).toEqual({
    slo: "expected a share between 0 and 100 %, like 99.9",
  });
});
