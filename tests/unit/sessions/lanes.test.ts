import { describe, expect, it } from "vitest";
import { bandTotals, restingParts, segmentAt, segmentsOf } from "@/lib/sessions/band";
import { MOST_TRACKS, packLanes, spanAt, spanTone } from "@/lib/sessions/lanes";
import type { SpanItem } from "@/lib/sessions/schema";
import { microsFromIso } from "@/lib/time/micros";
import { span, thread } from "@/tests/unit/sessions/recorded";

const iso = (second: number) => `2026-11-20T10:00:${String(second).padStart(2, "0")}.000000Z`;
const us = (second: number) => microsFromIso(iso(second)) ?? 0;
let made = 0;
function made1(
  kind: SpanItem["kind"],
  from: number,
  to: number | null,
  more: Partial<SpanItem> = {},
) {
  made += 1;
  return span({
    id: `s${made}`,
    kind,
    started_at: iso(from),
    ended_at: to === null ? null : iso(to),
    start_event_id: `e${made}`,
    ...more,
  });
}
const threads = [thread(null, "main"), thread("sthr_a", "worker"), thread("sthr_b", "worker")];
const pack = (spans: SpanItem[], endUs = us(50)) => packLanes({ spans, threads, endUs });

describe("lanes", () => {
  it("gives each thread one, in the threads' order, with names that differ", () => {
    const lanes = pack([made1("tool", 1, 2, { thread_id: "sthr_b" }), made1("turn", 0, 9)]);
    expect(lanes.map((lane) => [lane.label, lane.items.length, lane.turns.length])).toEqual([
      ["main", 0, 1],
      ["worker", 0, 0],
      ["worker 2", 1, 0],
    ]);
  });

  it("gives a thread nobody described a lane of its own", () => {
    expect(pack([made1("tool", 1, 2, { thread_id: "sthr_unknown_thread" })])).toHaveLength(4);
  });

  it("stacks calls that overlap and reuses a track as soon as it is free", () => {
    const [lane] = pack([
      made1("model_request", 0, 1),
      made1("tool", 1, 5),
      made1("tool", 1, 3),
      made1("tool", 2, 4),
      made1("tool", 3, 6),
      made1("tool", 6, 7),
    ]);
    expect(lane?.items.map((item) => item.track)).toEqual([0, 1, 2, 3, 2, 1]);
    expect(lane?.tracks).toBe(4);
  });

  it("never grows beyond its tracks, however many calls run at once", () => {
    const [lane] = pack(Array.from({ length: 40 }, () => made1("tool", 1, 9)));
    expect(lane?.tracks).toBe(MOST_TRACKS);
    expect(Math.max(...(lane?.items.map((item) => item.track) ?? []))).toBe(MOST_TRACKS - 1);
  });

  it("draws an approval over the call it belongs to", () => {
    const [lane] = pack([
      made1("tool", 1, 9),
      made1("tool", 1, 9, { start_event_id: "asked" }),
      made1("approval", 1, 8, { start_event_id: "asked", attributes: { tool_use_id: "asked" } }),
    ]);
    const approval = lane?.items.find((item) => item.span.kind === "approval");
    expect(approval?.track).toBe(2);
  });

  it("lets what is open last until now, what was never closed end where it began, and hides the future", () => {
    const [lane] = pack(
      [
        made1("tool", 1, null, { state: "open" }),
        made1("tool", 2, null, { state: "unknown" }),
        made1("tool", 3, 40),
        made1("tool", 20, 21),
      ],
      us(10),
    );
    expect(lane?.items.map((item) => [item.fromUs, item.toUs, item.open])).toEqual([
      [us(1), us(10), true],
      [us(2), us(2), true],
      [us(3), us(10), true],
    ]);
  });

  it("hits the shortest span near the pointer", () => {
    const [lane] = pack([
      made1("model_request", 0, 30),
      made1("model_request", 10, 10),
      made1("tool", 10, 12),
    ]);
    if (!lane) throw new Error("no lane");
    const hit = (at: number, track: number) =>
      spanAt({ lane, track, us: us(at), reachUs: 1_000_000 })?.span.name ?? null;
    expect(spanAt({ lane, track: 0, us: us(11), reachUs: 1_000_000 })?.toUs).toBe(us(10));
    expect(hit(13, 1)).toBe("tool");
    expect(hit(14, 1)).toBeNull();
    expect(hit(40, 0)).toBeNull();
  });

  it.each([
    ["model_request", "ok", "model"],
    ["tool", "ok", "tool"],
    ["tool", "error", "error"],
    ["tool", "denied", "denied"],
    ["approval", "ok", "wait"],
    ["outcome_evaluation", "ok", "other"],
  ] as const)("%s that is %s is drawn as %s", (kind, state, tone) => {
    expect(spanTone(made1(kind, 0, 1, { state }))).toBe(tone);
  });
});

describe("the state band", () => {
  const band = [
    { state: "running" as const, from: iso(0), to: iso(10) },
    { state: "waiting" as const, from: iso(10), to: iso(40) },
    { state: "running" as const, from: iso(40), to: null },
  ];

  it("adds up to the time that passed, an open part lasting until now", () => {
    const segments = segmentsOf(band, us(50));
    expect(bandTotals(segments)).toEqual([
      { state: "running", ms: 20_000, share: 0.4, times: 2 },
      { state: "waiting", ms: 30_000, share: 0.6, times: 1 },
    ]);
    expect(restingParts(segments)).toMatchObject([{ fromUs: us(10), toUs: us(40) }]);
  });

  it("stops at a replayed instant", () => {
    const segments = segmentsOf(band, us(50), us(20));
    expect(segments.map((part) => [part.state, part.toUs, part.open])).toEqual([
      ["running", us(10), false],
      ["waiting", us(20), true],
    ]);
  });

  it("knows the state at an instant", () => {
    const segments = segmentsOf(band, us(50));
    const states = [0, 9, 10, 39, 40, 50].map((at) => segmentAt(segments, us(at))?.state);
    expect(states).toEqual(["running", "running", "waiting", "waiting", "running", "running"]);
    expect(segmentAt(segments, us(0) - 1)).toBeNull();
  });
});
