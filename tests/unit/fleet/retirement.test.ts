import { describe, expect, test } from "vitest";
import { PRICE_BOOK } from "@/lib/costs/prices";
import { firstToGo, RETIREMENTS, retirementOf } from "@/lib/fleet/retirement";

const NOW = Date.parse("2026-11-25T12:00:00Z");
const life = (lifecycle: string, retiresAt: string | null = null) => [
  { model: "claude-a", lifecycle, retiresAt },
];

describe("what the list knows", () => {
  test("each model once, and each by the name that its price has", () => {
    const models = RETIREMENTS.flatMap((known) => known.models);
    expect(new Set(models).size).toBe(models.length);
    const priced = new Set(PRICE_BOOK.rows.flatMap((row) => row.models));
    expect(models.filter((model) => !priced.has(model))).toEqual([]);
  });

  test.each<[string, string, object | null]>([
    ["claude-sonnet-5-5", "2026-11-25T12:00:00Z", null],
    ["claude-unheard-of", "2026-11-25T12:00:00Z", null],
    ["claude-sonnet-4-5", "2026-11-25T12:00:00Z", { retired: false, days_left: 5 }],
    ["claude-sonnet-4-5-20250929", "2026-11-29T12:00:00Z", { retired: false, days_left: 1 }],
    ["claude-sonnet-4-5", "2026-11-30T00:00:00Z", { retired: true, days_left: null }],
    ["claude-opus-4-1", "2026-11-25T12:00:00Z", { retired: true, retires_at: null }],
  ])("%s at %s", (model, now, expected) => {
    const found = retirementOf(model, [], Date.parse(now));
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatchObject({ model, ...expected });
  });
});

describe("what the platform says goes before", () => {
  test.each<[string, ReturnType<typeof life>, object | null]>([
    ["active", life("active"), null],
    ["deprecated, no day yet", life("deprecated"), null],
    [
      "deprecated, with a day",
      life("deprecated", "2026-12-05T12:00:00Z"),
      { retired: false, days_left: 10 },
    ],
    [
      "the day has passed, the model has not gone",
      life("deprecated", "2026-11-20T12:00:00Z"),
      { retired: false, days_left: -5 },
    ],
    ["retired", life("retired", "2026-11-20T12:00:00Z"), { retired: true, days_left: null }],
    ["retired, no day", life("retired"), { retired: true, retires_at: null }],
  ])("%s", (_, lives, expected) => {
    const found = retirementOf("claude-a", lives, NOW);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatchObject({ source: "the platform", ...expected });
  });

  test("also where it says that a model of the list stays", () => {
    const lives = [{ model: "claude-sonnet-4-5", lifecycle: "active", retiresAt: null }];
    expect(retirementOf("claude-sonnet-4-5", lives, NOW)).toBeNull();
  });
});

test("of several models the first to go is told", () => {
  const lives = life("deprecated", "2026-11-27T00:00:00Z");
  const first = (...models: string[]) => firstToGo(models, lives, NOW)?.model;
  expect(first("claude-sonnet-5-5")).toBeUndefined();
  expect(first("claude-sonnet-4-5", "claude-a")).toBe("claude-a");
  expect(first("claude-a", "claude-opus-4-1")).toBe("claude-opus-4-1");
});
