import { formatCount, formatPlural, plain } from "@/lib/format";
import { advice, failing, firstOf, IDLE_MS, olderThan } from "./advice";
import type { DeploymentFacts } from "./facts";
import type { Advice } from "./schema";

const words = (type: string) => plain(type.replace(/_error$/, "").replaceAll("_", " "));

export function deploymentAdvice(deployment: DeploymentFacts, nowMs: number): Advice | null {
  const { pausedReason, lastRun, lost, failedRuns, runs } = deployment;
  if (deployment.archivedAt !== null) return null;
  const isStopped = pausedReason !== null && pausedReason !== "manual";
  return firstOf(
    isStopped
      ? advice(
          "act",
          "stopped",
          `The platform paused it (${words(pausedReason)}): mend that, then unpause it.`,
        )
      : null,
    deployment.status === "paused" ? paused(deployment, nowMs) : null,
    lost.length > 0 || deployment.environmentArchived || deployment.agentArchived
      ? advice("act", "lost", `${lostWords(deployment)} archived: its next run will fail.`)
      : null,
    lastRun?.errorType
      ? advice(
          "act",
          "run_failed",
          `Its last run could not start a session (${words(lastRun.errorType)}): mend that before the next.`,
        )
      : null,
    failing(deployment),
    failedRuns > 0
      ? advice(
          "look",
          "runs_failed",
          `${formatCount(failedRuns)} of ${formatPlural(runs, "run")} could not start a session, the last one could.`,
        )
      : null,
    deployment.budgetCents === null && deployment.sessions > 0
      ? advice(
          "look",
          "no_budget",
          "Nothing caps what one of its sessions may cost: give it a budget.",
        )
      : null,
    deployment.agentNewest !== null && deployment.agentVersion !== deployment.agentNewest
      ? advice(
          "tidy",
          "old_version",
          `It starts version ${deployment.agentVersion} of its agent; the newest is ${deployment.agentNewest}.`,
        )
      : null,
  );
}

function paused({ lastUsedAt }: DeploymentFacts, nowMs: number): Advice | null {
  if (!olderThan(lastUsedAt, IDLE_MS, nowMs)) return null;
  return advice("tidy", "paused", "Paused by a person, long ago: archive it if it is done.");
}

function lostWords({ lost, agentArchived, environmentArchived }: DeploymentFacts): string {
  if (agentArchived) return "Its agent is";
  if (environmentArchived) return "Its environment is";
  return lost.length === 1
    ? `${plain(lost[0] ?? "")}, which it names, is`
    : `${lost.length} things it names are`;
}
