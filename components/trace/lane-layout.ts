import type { Lane } from "@/lib/sessions/lanes";

export const TRACK = 14;
const TRACK_GAP = 2;
const LANE_PAD = 4;

/** More than this the lanes scroll. */
export const MOST_LANES = 196;
const LEAST_LANES = 24;
/** Strip, states and axis with what lies between them. */
const ABOVE_LANES = 78;
const NOTE = 20;

/** Pixels from the top of all lanes. */
export type LaneBox = { lane: Lane; top: number; height: number };

/** With `tall`, every lane has room for a picture of how much it did. */
export function laneBoxes(lanes: readonly Lane[], tall: boolean): LaneBox[] {
  let top = 0;
  return lanes.map((lane) => {
    const tracks = tall ? Math.max(2, lane.tracks) : lane.tracks;
    const height = LANE_PAD * 2 + tracks * TRACK + (tracks - 1) * TRACK_GAP;
    const box = { lane, top, height };
    top += height;
    return box;
  });
}

export function trackTop(box: LaneBox, track: number): number {
  return box.top + LANE_PAD + track * (TRACK + TRACK_GAP);
}

/** The lane and track under a height; null between and beyond them. */
export function trackAt(
  boxes: readonly LaneBox[],
  y: number,
): { box: LaneBox; track: number } | null {
  const box = boxes.find((one) => y >= one.top && y < one.top + one.height);
  if (!box) return null;
  const track = Math.floor((y - box.top - LANE_PAD + TRACK_GAP / 2) / (TRACK + TRACK_GAP));
  return { box, track: Math.min(Math.max(track, 0), box.lane.tracks - 1) };
}

/** Height of all lanes together. */
export function wholeHeight(boxes: readonly LaneBox[]): number {
  const last = boxes.at(-1);
  return Math.max(LEAST_LANES, last ? last.top + last.height : 0);
}

/** Height of the drawn timeline before it is drawn, so that nothing moves when it is. */
export function expectedHeight(boxes: readonly LaneBox[], withNote: boolean): number {
  return ABOVE_LANES + Math.min(MOST_LANES, wholeHeight(boxes)) + (withNote ? NOTE : 0);
}
