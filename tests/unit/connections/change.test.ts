import { expect, it } from "vitest";
import { changeOf, type Progress } from "@/lib/connections/change";
import type { ConnectionPatch, ConnectionState } from "@/lib/connections/schema";

const DONE = new Date("2026-11-20T10:00:00Z");
type Access = "same key" | "new key";

const after = (now: Progress, patch: ConnectionPatch, access: Access) =>
  changeOf(now, patch, { hasNewAccess: access === "new key" });

it.each<[ConnectionState, Date | null, ConnectionPatch, Access, ConnectionState, boolean]>([
  // A person pauses and resumes: history first, unless it is complete.
  ["backfilling", null, { state: "paused" }, "same key", "paused", true],
  ["live", DONE, { state: "paused" }, "same key", "paused", true],
  ["failed", null, { state: "paused" }, "same key", "paused", true],
  ["paused", null, { state: "paused" }, "same key", "paused", false],
  ["paused", null, { state: "live" }, "same key", "backfilling", true],
  ["paused", DONE, { state: "live" }, "same key", "live", true],
  ["failed", null, { state: "live" }, "same key", "backfilling", true],
  ["failed", DONE, { state: "live" }, "same key", "live", true],
  ["live", DONE, { state: "live" }, "same key", "live", false],
  ["backfilling", null, { state: "live" }, "same key", "backfilling", false],
  // A new key or address: the failed one tries again, the paused one stays so.
  ["failed", null, {}, "new key", "backfilling", true],
  ["failed", DONE, {}, "new key", "live", true],
  ["paused", DONE, {}, "new key", "paused", true],
  ["live", DONE, {}, "new key", "live", true],
  ["failed", DONE, { state: "paused" }, "new key", "paused", true],
  // What concerns nobody but the page.
  ["failed", DONE, {}, "same key", "failed", false],
  ["live", DONE, {}, "same key", "live", false],
  ["backfilling", null, {}, "same key", "backfilling", false],
])("%s, done %s, %j, %s: %s", (state, backfillDoneAt, patch, access, next, isNews) => {
  const now = { state, stateReason: "why", backfillDays: 30, backfillDoneAt };
  const stateReason = state === next ? "why" : null;
  expect(after(now, patch, access)).toEqual({ state: next, stateReason, backfillDoneAt, isNews });
});

it.each<[number | null, number | null | undefined, boolean]>([
  [30, undefined, false],
  [30, 30, false],
  [30, 7, false],
  [30, 31, true],
  [30, null, true],
  [0, 1, true],
  [null, null, false],
  [null, 30, false],
  [null, undefined, false],
])("history of %s days becomes %s: unfinished again %s", (backfillDays, wanted, isDeeper) => {
  const patch = wanted === undefined ? {} : { backfill_days: wanted };
  const of = (state: ConnectionState) =>
    after({ state, stateReason: null, backfillDays, backfillDoneAt: DONE }, patch, "same key");
  const backfillDoneAt = isDeeper ? null : DONE;
  expect(of("live")).toEqual({
    state: isDeeper ? "backfilling" : "live",
    stateReason: null,
    backfillDoneAt,
    isNews: isDeeper,
  });
  expect(of("paused")).toMatchObject({ state: "paused", backfillDoneAt });
});
