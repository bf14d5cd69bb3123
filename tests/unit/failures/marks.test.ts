import { expect, it } from "vitest";
import { markOf } from "@/lib/failures/marks";

const DAY = 1440;
const MS = 60_000;
const FROM = 100 * DAY;

it.each([
  ["new: first seen in the range", FROM, null, "new", null],
  ["new, even where it was quiet in between", FROM + 5, 8 * DAY, "new", null],
  ["known: seen the day before", FROM - DAY, DAY, "known", null],
  ["known: quiet for a minute less than 7 days", FROM - 9 * DAY, 7 * DAY - 1, "known", null],
  ["regressed: quiet for 7 days", FROM - 9 * DAY, 7 * DAY, "regressed", 7 * DAY * MS],
  ["known: seen before, and not in the range", FROM - DAY, null, "known", null],
] as const)("%s", (_, first, quiet, state, quiet_ms) => {
  expect(markOf({ first, quiet }, { from: FROM, began: 0 })).toEqual({ state, quiet_ms });
});

it.each([
  ["the first session began in the range", FROM],
  ["there is no session at all", null],
])("is not new where %s", (_, began) => {
  expect(markOf({ first: FROM, quiet: null }, { from: FROM, began }).state).toBe("known");
  const back = markOf({ first: FROM, quiet: 8 * DAY }, { from: FROM, began });
  expect(back).toEqual({ state: "regressed", quiet_ms: 8 * DAY * MS });
});
