import { describe, expect, it } from "vitest";
import { keepRows } from "@/lib/sessions/stable-rows";
import { assembleTranscript } from "@/lib/sessions/transcript";
import { hp05, hp05Threads, transcriptInput } from "@/tests/unit/sessions/recorded";

const rowsOf = (count: number) =>
  assembleTranscript(
    transcriptInput(hp05.slice(0, count), {
      threads: hp05Threads,
      edges: { start: true, end: false },
    }),
  );

describe("rows of a list that grows", () => {
  it("stay the same objects where they say the same", () => {
    const before = rowsOf(40);
    const kept = keepRows(before, rowsOf(40));
    expect(kept).toEqual(before);
    expect(kept.filter((row, at) => row !== before[at])).toEqual([]);
  });

  it("are new where something was added to them", () => {
    const before = rowsOf(14);
    const next = rowsOf(26);
    const kept = keepRows(before, next);
    expect(kept).toEqual(next);
    const reused = kept.filter((row) => before.includes(row));
    const known = new Set(before.map((row) => row.key));
    const changed = kept.filter((row) => known.has(row.key) && !before.includes(row));
    expect(reused.length).toBeGreaterThan(5);
    // The turn goes on, the child's request and the hand-off got their other halves.
    expect(changed.map((row) => row.kind)).toEqual(expect.arrayContaining(["turn", "request"]));
  });

  it("compares lists item by item and figures by value", () => {
    const item = { id: "x" };
    const row = { key: "a", folds: ["x"], usage: { input: 1 }, item };
    const [same] = keepRows([row], [{ ...row, folds: ["x"], usage: { input: 1 } }]);
    expect(same).toBe(row);
    expect(keepRows([row], [{ ...row, folds: ["y"] }])[0]).not.toBe(row);
    expect(keepRows([row], [{ ...row, usage: { input: 2 } }])[0]).not.toBe(row);
    expect(keepRows([row], [{ ...row, item: { id: "x" } }])[0]).not.toBe(row);
  });
});
