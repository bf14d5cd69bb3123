import type { Shape, Tone } from "@/components/ui/mark";
import type { Outcome } from "@/lib/sessions/schema";

type Look = { word: string; shape: Shape; tone: Tone; pulse?: true };

/** How each outcome looks, everywhere: fixed shape, colour and word. In the order of legends and stacks. */
export const OUTCOME_LOOKS: Record<Outcome, Look> = {
  completed: { word: "Completed", shape: "check", tone: "ok" },
  outcome_failed: { word: "Outcome failed", shape: "cross", tone: "fail" },
  retries_exhausted: { word: "Retries exhausted", shape: "cross", tone: "fail" },
  refused: { word: "Refused", shape: "cross", tone: "fail" },
  terminated: { word: "Terminated", shape: "cross", tone: "fail" },
  waiting: { word: "Waiting", shape: "hourglass", tone: "wait" },
  running: { word: "Running", shape: "dot", tone: "run", pulse: true },
  interrupted: { word: "Interrupted", shape: "square", tone: "stop" },
  budget_paused: { word: "Budget paused", shape: "pause", tone: "budget" },
  new: { word: "New", shape: "ring", tone: "quiet" },
  unknown: { word: "Unknown", shape: "query", tone: "quiet" },
};

export const OUTCOME_ORDER = Object.keys(OUTCOME_LOOKS) as Outcome[];

/** The look of an outcome that may come from elsewhere (a URL, a facet). */
export function outcomeLook(outcome: string): Look {
  const known = OUTCOME_ORDER.find((item) => item === outcome);
  return known ? OUTCOME_LOOKS[known] : { word: outcome, shape: "query", tone: "quiet" };
}
