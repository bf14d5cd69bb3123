import { expect, it } from "vitest";
import type { Cell } from "@/lib/metrics/schema";
import {
  aboutOf,
  addReports,
  NOTHING,
  namelessCell,
  problemOf,
  remainsIn,
} from "@/lib/retention/erasure";

const cell = (fields: Partial<Cell>): Cell => ({
  ...{ minute: 0, family: "request", key: "", measures: {}, observations: [] },
  ...fields,
});

it("takes the words of an error out of what it is counted under, and nothing else", () => {
  const fault = cell({
    family: "fault",
    key: "tool\t\tbash\t\tno such file",
    measures: { count: 2 },
  });
  expect(namelessCell(fault)).toEqual({ ...fault, key: "tool\t\tbash\t\t" });
  const request = cell({ key: "claude-opus-5" });
  expect(namelessCell(request)).toBe(request);
});

it("sums what remains by month, each cost once", () => {
  const november = Date.UTC(2026, 10, 30, 23, 59) / 60_000;
  const cells = [
    cell({ minute: november, measures: { nanos: 5, input_tokens: 2, output_tokens: 3 } }),
    cell({ minute: november, family: "runtime", measures: { nanos: 7, ms: 900 } }),
    // What all of it cost is told once more where the session settled.
    cell({ minute: november, family: "settled", measures: { nanos: 12, count: 1 } }),
    cell({ minute: november + 1, measures: { nanos: 1 } }),
  ];
  expect(remainsIn(cells)).toEqual([
    { month: "2026-11", cost_nanos: 12, tokens: 5 },
    { month: "2026-12", cost_nanos: 1, tokens: 0 },
  ]);
});

it("adds a part to a report, month by month", () => {
  const one = { events: 3, remains: [{ month: "2026-11", cost_nanos: 1, tokens: 2 }] };
  const sum = addReports(addReports(NOTHING, one), {
    sessions: 1,
    ...{ events: 4 },
    remains: [
      { month: "2026-10", cost_nanos: 5, tokens: 6 },
      { month: "2026-11", cost_nanos: 1, tokens: 1 },
    ],
  });
  expect(sum).toMatchObject({ sessions: 1, events: 7, spans: 0 });
  expect(sum.remains).toEqual([
    { month: "2026-10", cost_nanos: 5, tokens: 6 },
    { month: "2026-11", cost_nanos: 2, tokens: 3 },
  ]);
});

it("tells of what people wrote once, as it stands in the end, and of an error nothing that it says", () => {
  const rule = { what: "rule" as const, id: "rule_1" };
  const first = addReports(NOTHING, { written: [{ ...rule, now: "left" }] });
  const { written } = addReports(first, { written: [{ ...rule, now: "changed" }] });
  expect(written).toEqual([{ ...rule, now: "changed" }]);
  const error = Object.assign(new Error("no such Ada"), { code: "P2010" });
  expect(problemOf(error)).toBe("It could not be written (P2010); the server's log says more.");
  expect(problemOf(new Error("no such Ada"))).not.toContain("Ada");
});

it("names nobody in what it says of itself", () => {
  expect(aboutOf({ by: "sessions", session_ids: ["a", "b"], connection_id: null })).toBe(
    "sessions by id: 2",
  );
  expect(aboutOf({ by: "metadata", key: "customer", value: "Ada Lovelace" })).not.toContain("Ada");
});
