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
  expect(markOf({ first, quiet }, FROM)).toEqual({ state, quiet_ms });
});
