import type { ColourToken } from "@/components/trace/palette";
import type { Shape, Tone } from "@/components/ui/mark";
import type { BandState } from "@/lib/sessions/band";

export const BAND_TOKENS: Record<BandState, ColourToken> = {
  running: "run",
  waiting: "wait",
  idle: "line-strong",
  rescheduling: "stop",
  budget_paused: "budget",
  terminated: "fail",
};

/** Shape and colour of a state in legends and status lines. */
export const BAND_MARKS: Record<BandState, { shape: Shape; tone: Tone }> = {
  running: { shape: "dot", tone: "run" },
  waiting: { shape: "hourglass", tone: "wait" },
  idle: { shape: "ring", tone: "quiet" },
  rescheduling: { shape: "query", tone: "stop" },
  budget_paused: { shape: "pause", tone: "budget" },
  terminated: { shape: "cross", tone: "fail" },
};
