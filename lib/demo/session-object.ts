import { budgetObject, settingsAt } from "@/lib/demo/changes";
import { memoryOf, vaultIdOf } from "@/lib/demo/inventory";
import type { Lane } from "@/lib/demo/lane";
import type { Run } from "@/lib/demo/run";
import type { SessionObject, ThreadObject } from "@/lib/demo/schema";
import type { SessionStatus } from "@/lib/demo/session-status";
import { laneActiveMs, meterOf, type UsageFigures } from "@/lib/demo/usage";
import { isoFromMicros } from "@/lib/time/micros";

const SECOND_US = 1_000_000;

/** The session as it reads at the horizon. */
export function sessionObject(run: Run, status: SessionStatus, usage: UsageFigures): SessionObject {
  const { nowUs, createdUs, version } = run;
  const settings = settingsAt(run, nowUs);
  const updatedUs = Math.max(createdUs, lastUs(run.primary), run.archivedUs ?? 0);
  const ended = status === "terminated" ? updatedUs : nowUs;
  const activeMs = run.lanes.reduce((sum, lane) => sum + laneActiveMs(lane, nowUs), 0);
  return {
    id: run.sessionId,
    type: "session",
    title: settings.title,
    status,
    agent: settings.agent,
    environment_id: run.environment.object.id,
    deployment_id: run.deploymentId,
    vault_ids: version.threadAgent.mcp_servers.map(({ name }) => vaultIdOf(name)),
    resources: resourcesOf(run),
    metadata: settings.metadata,
    budget: budgetObject(settings.budgetCents),
    outcome_evaluations: outcomesOf(run),
    stats: {
      active_seconds: activeMs / 1_000,
      duration_seconds: Math.round((ended - createdUs) / 1_000) / 1_000,
    },
    usage,
    created_at: isoFromMicros(createdUs),
    updated_at: isoFromMicros(updatedUs),
    archived_at: run.archivedUs === null ? null : isoFromMicros(run.archivedUs),
  };
}

/** A thread as it reads at the horizon; its usage is that of its last idle, its cost has no runtime. */
export function threadObject(run: Run, lane: Lane): ThreadObject {
  const { spec } = lane;
  const { nowUs } = run;
  const last = lane.periods[lane.periods.length - 1];
  const idleUs = lane.periods.findLast((period) => period.to !== null)?.to?.atUs;
  const updatedUs = Math.max(spec.createdUs, lastUs(lane));
  const meter = meterOf({
    charges: run.charges.filter((charge) => charge.lane === lane),
    searches: run.searches.filter((search) => search.lane === lane),
    periods: lane.periods,
    runtime: false,
  });
  const endUs = lane.archivedUs ?? lane.terminatedUs ?? nowUs;
  const first = lane.periods[0];
  return {
    id: spec.threadId,
    type: "session_thread",
    session_id: run.sessionId,
    parent_thread_id: spec.primary?.spec.threadId ?? null,
    agent: spec.agent,
    status: statusOf(lane, last?.stop?.kind, last !== undefined && last.to === null),
    stats:
      first === undefined
        ? null
        : {
            active_seconds: laneActiveMs(lane, nowUs) / 1_000,
            duration_seconds: Math.round((endUs - spec.createdUs) / 1_000) / 1_000,
            startup_seconds: spec.primary === null ? startupOf(run, first.from.atUs) : 0,
          },
    usage: idleUs === undefined ? null : meter.read(idleUs),
    workflow_run_id: spec.workflowRunId,
    created_at: isoFromMicros(spec.createdUs),
    updated_at: isoFromMicros(updatedUs),
    archived_at: lane.archivedUs === null ? null : isoFromMicros(lane.archivedUs),
  };
}

function statusOf(
  lane: Lane,
  stopped: "idle" | "rescheduled" | "terminated" | undefined,
  open: boolean,
): ThreadObject["status"] {
  if (lane.terminatedUs !== null) return "terminated";
  if (open) return "running";
  return stopped === "rescheduled" ? "rescheduling" : (stopped ?? "idle");
}

function startupOf(run: Run, firstUs: number): number {
  return Math.round(Math.min(run.startupUs, firstUs - run.createdUs) / 1_000) / 1_000;
}

function lastUs(lane: Lane): number {
  return lane.entries[lane.entries.length - 1]?.atUs ?? 0;
}

function outcomesOf(run: Run): SessionObject["outcome_evaluations"] {
  const states = new Map<string, SessionObject["outcome_evaluations"][number]>();
  for (const { atUs, state } of run.outcomes) {
    if (atUs <= run.horizonUs) states.set(state.outcome_id, state);
  }
  return [...states.values()];
}

function resourcesOf(run: Run): SessionObject["resources"] {
  const memory = memoryOf(run.version.agent);
  if (!run.version.agent.repository) return memory;
  const createdAt = isoFromMicros(run.createdUs - (run.createdUs % SECOND_US));
  return [
    {
      id: `sesrsc_01${run.sessionId.slice(-22)}`,
      type: "github_repository",
      url: `https://github.com/example/${run.facts.repo}`,
      mount_path: `/workspace/${run.facts.repo}`,
      checkout: { name: run.facts.branch ?? "main", type: "branch" },
      created_at: createdAt,
      updated_at: createdAt,
    },
    ...memory,
  ];
}
