import { describe, expect, it } from "vitest";
import { costlyFrom, costOf, nextRow, rowOf } from "@/lib/sessions/find";
import { assembleTranscript } from "@/lib/sessions/transcript";
import {
  eventItem,
  hp05,
  hp05Threads,
  span,
  transcriptInput,
} from "@/tests/unit/sessions/recorded";

const at = (second: number) => `2026-11-20T10:00:0${second}.000000Z`;
const events = [
  eventItem({ id: "run", type: "session.status_running", processed_at: at(0) }),
  eventItem({ id: "cheap", type: "span.model_request_start", processed_at: at(1) }),
  eventItem({ id: "e1", type: "session.error", processed_at: at(2) }),
  eventItem({ id: "dear", type: "span.model_request_start", processed_at: at(3) }),
  eventItem({
    id: "dear_end",
    type: "span.model_request_end",
    model_request_start_id: "dear",
    processed_at: at(4),
  }),
  eventItem({ id: "e2", type: "session.error", processed_at: at(5) }),
];
const spans = [
  span({ id: "a", kind: "model_request", start_event_id: "cheap", cost_nanos: 10 }),
  span({ id: "b", kind: "model_request", start_event_id: "dear", cost_nanos: 100 }),
];
const rows = assembleTranscript(transcriptInput(events, { spans }));
const find = (eventId: string | null, direction: "next" | "prev" = "next") =>
  nextRow({ rows, eventId, direction, matches: (row) => row.bad })?.eventId ?? null;

describe("the next one", () => {
  it("goes on from what is selected, both ways, and stops at the ends", () => {
    expect([find(null), find("cheap"), find("e1"), find("e2")]).toEqual(["e1", "e1", "e2", null]);
    expect([find(null, "prev"), find("e2", "prev"), find("e1", "prev")]).toEqual([
      "e2",
      "e1",
      null,
    ]);
  });

  it("goes on from the row that tells of an event folded into it", () => {
    expect(find("dear_end")).toBe("e2");
  });

  it("starts over at the end where the selected event is not at hand", () => {
    expect(find("elsewhere")).toBe("e1");
  });

  it("calls dear what costs half of the dearest or more", () => {
    const limit = costlyFrom(rows);
    const dear = rows.filter((row) => (costOf(row) ?? 0) >= (limit ?? Number.POSITIVE_INFINITY));
    expect(dear.map((row) => row.eventId)).toEqual(["dear"]);
    expect(costlyFrom(assembleTranscript(transcriptInput(events)))).toBeNull();
  });
});

describe("the row of an event", () => {
  it("is there for every event of a recorded session but the copies", () => {
    const told = assembleTranscript(transcriptInput(hp05, { threads: hp05Threads }));
    const missing = hp05.filter((item) => rowOf(told, item.id) < 0);
    // Two answers stand twice under different ids: the session's copies have no row of their own.
    expect(missing.map((item) => [item.type, item.session_thread_id])).toEqual([
      ["user.custom_tool_result", null],
      ["user.custom_tool_result", null],
    ]);
  });
});
