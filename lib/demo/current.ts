import type { Rare } from "@/lib/demo/plan";

/** A session in the middle of something when the simulated time ends, and how long ago it started. */
export type Current = Rare & { minutes: readonly [number, number] };

const WAITS = { minutes: [21, 58] } as const;
const RUNS: Rare = { effort: 30, turns: 1, flags: ["compacts", "unattended"] };

export const CURRENT: readonly Current[] = [
  { ...WAITS, agent: "deploy", flags: ["stuck_ask"], turns: 1 },
  { ...RUNS, agent: "scanner", shape: "chat", minutes: [2, 5] },
  { ...WAITS, agent: "triage", flags: ["stuck_ask"], turns: 1 },
  { agent: "invoice", flags: ["stuck_custom"], turns: 1, minutes: [3, 9] },
  { ...RUNS, agent: "review", minutes: [1, 3] },
  { shape: "empty", agent: "triage", minutes: [2, 6] },
  { ...RUNS, agent: "research", flags: ["queued", "unattended"], turns: 2, minutes: [1, 4] },
  { ...WAITS, agent: "release", flags: ["stuck_ask"], turns: 1 },
  { agent: "analyst", effort: 12, turns: 1, minutes: [1, 2] },
  {
    agent: "review",
    retried: ["model_overloaded_error", "model_overloaded_error"],
    flags: ["reschedule_stuck"],
    turns: 1,
    minutes: [4, 7],
  },
  { ...WAITS, agent: "deploy", flags: ["stuck_ask", "late_follow_up"], turns: 1 },
  { agent: "scanner", flags: ["workflow_pauses"], effort: 20, turns: 1, minutes: [1, 2] },
];
