import { formatDuration, formatPlural } from "@/lib/format";
import { advice, failing, firstOf, IDLE_MS, idle, NEW_MS, olderThan } from "./advice";
import type { EnvironmentFacts } from "./facts";
import { isOpen, networkOf } from "./network";
import type { Advice } from "./schema";

/** Work that waits for longer has nobody who does it. */
const WAITING_MS = 5 * 60_000;
/** A queue that was read longer ago says nothing of now: its connection is paused, or failed. */
const STALE_MS = 30 * 60_000;

export function environmentAdvice(environment: EnvironmentFacts, nowMs: number): Advice | null {
  if (environment.archivedAt !== null) return null;
  const network = networkOf(environment.config);
  return firstOf(
    waiting(environment, nowMs),
    failing(environment),
    isOpen(network)
      ? advice(
          "look",
          "open_network",
          "Its sessions may reach any host: limit its network to the hosts they need.",
        )
      : null,
    environment.lastUsedAt === null && olderThan(environment.createdAt, NEW_MS, nowMs)
      ? advice(
          "tidy",
          "never_used",
          "No session has ever run in it: archive it if nobody means to.",
        )
      : null,
    olderThan(environment.lastUsedAt, IDLE_MS, nowMs)
      ? idle(environment.lastUsedAt, "archive it if it is done", nowMs)
      : null,
  );
}

function waiting({ queue }: EnvironmentFacts, nowMs: number): Advice | null {
  if (!queue?.depth || olderThan(queue.readAt, STALE_MS, nowMs)) return null;
  const items = formatPlural(queue.depth, "work item");
  const wait = queue.depth === 1 ? "waits" : "wait";
  if (queue.workersPolling === 0)
    return advice("act", "no_worker", `${items} ${wait} and no worker asks for work: start one.`);
  if (!olderThan(queue.oldestQueuedAt, WAITING_MS, nowMs)) return null;
  const since = formatDuration(nowMs - Date.parse(queue.oldestQueuedAt ?? ""));
  return advice("act", "slow_queue", `${items} ${wait}, the oldest for ${since}: add workers.`);
}
