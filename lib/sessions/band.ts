import type { BandSegment } from "@/lib/sessions/schema";
import type { TimeWindow } from "@/lib/sessions/timeline";
import { microsFromIso } from "@/lib/time/micros";

export type BandState = BandSegment["state"];
export type Segment = TimeWindow & { state: BandState; open: boolean };

const BAND_ORDER: readonly BandState[] = [
  "running",
  "waiting",
  "idle",
  "rescheduling",
  "budget_paused",
  "terminated",
];

export const BAND_WORDS: Record<BandState, string> = {
  running: "running",
  waiting: "waiting for an answer",
  idle: "idle",
  rescheduling: "rescheduling",
  budget_paused: "paused at the budget",
  terminated: "terminated",
};

/** States in which nobody works: what a timeline may squeeze. */
const RESTING: ReadonlySet<BandState> = new Set(["idle", "waiting", "budget_paused", "terminated"]);

/** The band in micros; an open last segment lasts until `nowUs`, and nothing goes beyond `untilUs`. */
export function segmentsOf(
  band: readonly BandSegment[],
  nowUs: number,
  untilUs: number | null = null,
): Segment[] {
  const endUs = untilUs ?? nowUs;
  const segments: Segment[] = [];
  for (const part of band) {
    const fromUs = microsFromIso(part.from);
    if (fromUs === null || fromUs > endUs) continue;
    const known = part.to === null ? null : microsFromIso(part.to);
    const toUs = Math.max(fromUs, Math.min(known ?? nowUs, endUs));
    segments.push({ state: part.state, fromUs, toUs, open: known === null || known > endUs });
  }
  return segments;
}

export type BandTotal = { state: BandState; ms: number; share: number; times: number };

/** Time in each state, in the legend's order; states that never were are left out. */
export function bandTotals(segments: readonly Segment[]): BandTotal[] {
  const wholeUs = segments.reduce((sum, part) => sum + part.toUs - part.fromUs, 0);
  return BAND_ORDER.flatMap((state) => {
    const own = segments.filter((part) => part.state === state);
    const us = own.reduce((sum, part) => sum + part.toUs - part.fromUs, 0);
    // A session that has ended is idle from its last event on: no time worth a word.
    if (own.length === 0 || (us < 1000 && wholeUs > 0)) return [];
    return [
      {
        state,
        ms: Math.round(us / 1000),
        share: wholeUs > 0 ? us / wholeUs : 0,
        times: own.length,
      },
    ];
  });
}

export function segmentAt(segments: readonly Segment[], us: number): Segment | null {
  return segments.findLast((part) => part.fromUs <= us && (us < part.toUs || part.open)) ?? null;
}

export function restingParts(segments: readonly Segment[]): TimeWindow[] {
  return segments.filter((part) => RESTING.has(part.state));
}
