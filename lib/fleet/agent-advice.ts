import { formatCount, formatPlural } from "@/lib/format";
import { advice, failing, firstOf, IDLE_MS, idle, NEW_MS, olderThan } from "./advice";
import type { AgentFacts } from "./facts";
import type { Advice, Retirement } from "./schema";

/** A model that goes so soon leaves no time to wait, and one that goes so late none to worry, in days. */
const SOON_DAYS = 30;
const EVENTUALLY_DAYS = 120;

const day = (iso: string) => iso.slice(0, 10);

export function retirementAdvice({ model, retired, retires_at, days_left }: Retirement) {
  if (retired) {
    const since = retires_at === null ? "is retired" : `was retired on ${day(retires_at)}`;
    return advice("act", "retired", `${model} ${since}: publish a version on another model.`);
  }
  if (days_left === null || retires_at === null || days_left > EVENTUALLY_DAYS) return null;
  const left = days_left <= 0 ? "any day now" : `in ${formatPlural(days_left, "day")}`;
  return advice(
    days_left <= SOON_DAYS ? "act" : "look",
    "retiring",
    `${model} retires ${left}, on ${day(retires_at)}: publish a version on another model before.`,
  );
}

/**
 * What nobody uses may go as it is, whatever becomes of its model.
 * @param of.madeForRuns how many agents made for one run each the row stands for; else 0
 */
export function agentAdvice(
  agent: AgentFacts,
  of: { madeForRuns: number; retirement: Retirement | null },
  nowMs: number,
): Advice | null {
  if (agent.archivedAt !== null) return null;
  const lastUsed = agent.lastUsedAt ?? agent.lastHelpedAt;
  const isNeverUsed = lastUsed === null && olderThan(agent.createdAt, NEW_MS, nowMs);
  const isIdle = olderThan(lastUsed, IDLE_MS, nowMs);
  return firstOf(
    of.retirement && !isNeverUsed && !isIdle ? retirementAdvice(of.retirement) : null,
    failing(agent),
    of.madeForRuns === 0
      ? null
      : advice(
          "look",
          "made_for_runs",
          `${formatCount(of.madeForRuns)} agents were each made for one run: make one agent and start every session with its id.`,
        ),
    agent.sessions > 0 && agent.newestSessions === 0 && agent.versionsTotal > 1
      ? advice(
          "look",
          "old_version",
          `Version ${agent.version} is published, and no session in the range ran it: whoever starts them names an older one.`,
        )
      : null,
    isNeverUsed
      ? advice("tidy", "never_used", "No session has ever used it: archive it if nobody means to.")
      : null,
    isIdle ? idle(lastUsed, "archive it if it is done", nowMs) : null,
  );
}
