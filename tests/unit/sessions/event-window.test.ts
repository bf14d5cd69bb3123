import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventKey, inTime, mergeEvents, rangeOf } from "@/lib/sessions/event-window";
import type { EventItem } from "@/lib/sessions/schema";
import { isoFromMicros } from "@/lib/time/micros";
import { eventItem } from "@/tests/unit/sessions/recorded";

const START = Date.UTC(2026, 10, 20) * 1000;
function ev(id: string, us: number | null, thread: string | null = null): EventItem {
  const at = us === null ? {} : { processed_at: isoFromMicros(START + us) };
  return eventItem({ id, type: "agent.message", ...at }, thread);
}
const ids = (events: readonly EventItem[]) => events.map((item) => item.id).join(" ");

describe("merging what comes in later", () => {
  const base = [ev("a", 1), ev("b", 2), ev("q", null)];

  it("puts late events in their place and untimed ones last", () => {
    expect(ids(mergeEvents(base, [ev("late", 1), ev("new", 9)]))).toBe("a late b new q");
  });

  it("gives the very same list back where nothing is new", () => {
    expect(mergeEvents(base, [])).toBe(base);
    expect(mergeEvents(base, [ev("a", 1), ev("q", null)])).toBe(base);
  });

  it("takes the time an event got later, and never takes it away again", () => {
    expect(ids(mergeEvents(base, [ev("q", 1)]))).toBe("a q b");
    expect(mergeEvents(base, [ev("a", null)])).toBe(base);
  });

  it("keeps events of one id in two lists apart", () => {
    expect(ids(mergeEvents([ev("a", 1)], [ev("a", 2, "sthr_x")]))).toBe("a a");
  });

  it("comes to the same whatever comes first", () => {
    const some = fc.array(
      fc.record({ id: fc.constantFrom("a", "b", "c", "d"), us: fc.nat(50), child: fc.boolean() }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(some, (list) => {
        // An event's time is one: the first told of an id stands for it.
        const events = [
          ...new Map(
            list.map(({ id, us, child }) => {
              const item = ev(id, us, child ? "sthr_x" : null);
              return [eventKey(item), item] as const;
            }),
          ).values(),
        ];
        const half = Math.floor(events.length / 2);
        const forth = mergeEvents(inTime(events.slice(0, half)), events.slice(half));
        const back = mergeEvents(inTime(events.slice(half)), events.slice(0, half));
        const times = (merged: readonly EventItem[]) => merged.map((item) => item.at);
        expect(times(forth)).toEqual(times(back));
        expect(times(forth)).toEqual([...times(forth)].sort());
        expect(forth).toHaveLength(events.length);
      }),
    );
  });
});

describe("the stretch some events cover", () => {
  it("leaves out what has no time", () => {
    expect(rangeOf([ev("a", 1), ev("b", 5), ev("q", null)])).toEqual({
      from: isoFromMicros(START + 1),
      to: isoFromMicros(START + 5),
    });
    expect(rangeOf([ev("q", null)])).toBeNull();
    expect(rangeOf([])).toBeNull();
  });
});
