import { Mark } from "@/components/ui/mark";
import type { ConnectionState } from "@/lib/connections/schema";

const STATES = {
  backfilling: { shape: "dot", tone: "run", word: "Reading history…", pulse: true },
  live: { shape: "check", tone: "ok", word: "Live" },
  paused: { shape: "pause", tone: "quiet", word: "Paused" },
  failed: { shape: "cross", tone: "fail", word: "Stopped" },
} as const;

export function StateMark({ state }: { state: ConnectionState }) {
  return <Mark {...STATES[state]} />;
}
