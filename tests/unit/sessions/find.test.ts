import { describe, expect, it } from "vitest";
import { holds, nextEvent, rowOf } from "@/lib/sessions/find";
import { assembleTranscript } from "@/lib/sessions/transcript";
import { hp05, hp05Threads, transcriptInput } from "@/tests/unit/sessions/recorded";

const rows = assembleTranscript(transcriptInput(hp05, { threads: hp05Threads }));

describe("the row of an event", () => {
  it("is there for every event of a recorded session but the copies", () => {
    const missing = hp05.filter((item) => rowOf(rows, item.id) < 0);
    // Two answers stand twice under different ids: the session's copies have no row of their own.
    expect(missing.map((item) => [item.type, item.session_thread_id])).toEqual([
      ["user.custom_tool_result", null],
      ["user.custom_tool_result", null],
    ]);
  });

  it("is the one that folds it: a request its end, a call its answer, a hand-off its other side", () => {
    const kindOf = (type: string) => {
      const event = hp05.find((item) => item.type === type && item.session_thread_id !== null);
      return rows[rowOf(rows, event?.id ?? "")]?.kind;
    };
    expect(kindOf("span.model_request_end")).toBe("request");
    expect(kindOf("user.custom_tool_result")).toBe("tool");
    expect(kindOf("agent.thread_message_received")).toBe("handoff");
  });

  it("is the heading only where no visible line has the event", () => {
    const turn = rows.find((row) => row.kind === "turn");
    const at = rowOf(rows, turn?.eventId ?? "");
    expect(rows[at]?.kind).toBe("turn");
    expect(rows.filter((row) => holds(row, turn?.eventId ?? ""))).toHaveLength(2);
  });
});

describe("walking the rows", () => {
  const ids = ["a", "a", null, "b", "c"];
  const walk = (selected: string | null, step: 1 | -1) =>
    nextEvent({
      count: ids.length,
      from: selected === null ? -1 : ids.indexOf(selected),
      step,
      selected,
      idAt: (index) => ids[index] ?? null,
    });

  it.each([
    [null, 1, "a"],
    ["a", 1, "b"],
    ["b", 1, "c"],
    ["c", 1, null],
    [null, -1, "c"],
    ["c", -1, "b"],
    ["b", -1, "a"],
    ["a", -1, null],
    ["elsewhere", 1, "a"],
  ] as const)("from %s by %s comes to %s", (selected, step, expected) => {
    expect(walk(selected, step)).toBe(expected);
  });
});
