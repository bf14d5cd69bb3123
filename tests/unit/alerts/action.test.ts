import { expect, it } from "vitest";
import { type Standing, verdictOf, waitAfter } from "@/lib/alerts/action";

const LIVE: Standing = {
  rule: { action: { kind: "interrupt", mode: "live", per_hour: 2 }, dryRun: false },
  isEpisodeOpen: true,
  outcome: "running",
  connection: { interrupts: true, perHour: 3 },
  lately: { byRule: 1, byConnection: 2 },
};
const DRY = {
  rule: { action: { kind: "interrupt", mode: "dry_run", per_hour: 2 }, dryRun: false },
} as const;

it.each<[string, Partial<Standing>, string]>([
  ["everything allows it", {}, "send"],
  ["it waits for a person", { outcome: "waiting" }, "send"],
  ["it is a dry run", DRY, "note"],
  [
    "it is a dry run, whatever the switch and the limits say",
    {
      ...DRY,
      connection: { interrupts: false, perHour: 1 },
      lately: { byRule: 9, byConnection: 9 },
    },
    "note",
  ],
  [
    "the rule as a whole is a dry run",
    { rule: { ...LIVE.rule, action: LIVE.rule?.action ?? null, dryRun: true } },
    "note",
  ],
  ["the rule is gone", { rule: null }, "deleted or paused"],
  ["the rule was edited", { rule: { action: null, dryRun: false } }, "no action any more"],
  ["the episode is over", { isEpisodeOpen: false }, "over already"],
  ["the session is gone", { outcome: null }, "is gone"],
  ["the session has ended", { outcome: "completed" }, "had ended"],
  ["a dry run meets a session that ended", { ...DRY, outcome: "failed" }, "had ended"],
  ["nobody reads the session", { connection: null }, "was pushed"],
  ["the switch is off", { connection: { interrupts: false, perHour: 3 } }, "switched off"],
  [
    "the rule has done enough",
    { lately: { byRule: 2, byConnection: 2 } },
    "The rule has interrupted 2",
  ],
  [
    "the connection has had enough",
    { lately: { byRule: 0, byConnection: 3 } },
    "interrupted 3 of its",
  ],
])("when %s", (_, change, expected) => {
  const verdict = verdictOf({ ...LIVE, ...change });
  expect(verdict.kind === "withhold" ? verdict.reason : verdict.kind).toContain(expected);
});

it.each([
  [1, 0, 5_000],
  [2, 0, 15_000],
  [4, 0, 135_000],
  [1, 60_000, 60_000],
])("waits after %i attempts, asked for %i ms, %i ms", (attempts, asked, expected) => {
  expect(waitAfter(attempts, asked)).toBe(expected);
});
