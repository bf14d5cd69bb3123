import type { Lane, Period, Stop, StopReason } from "@/lib/demo/lane";
import { END_TURN } from "@/lib/demo/lane";
import type { Run } from "@/lib/demo/run";

export type SessionStatus = "idle" | "running" | "rescheduling" | "terminated";

/** What keeps a session running for a while: a thread's period, or an open workflow run. */
interface Stretch {
  fromUs: number;
  toUs: number;
  stop: Stop | null;
}

/**
 * Puts the session's own status events into the primary list: it runs while any thread or workflow
 * run does. Answers the status it has at the end of the simulated time.
 */
export function emitSessionStatus(run: Run): SessionStatus {
  const { primary } = run;
  const cursors = new Map(run.lanes.map((lane) => [lane, -1]));
  let status: SessionStatus = "idle";
  mergeStretches(stretchesOf(run)).forEach((stretch, index) => {
    const startupUs = Math.min(run.startupUs, stretch.fromUs - run.createdUs - 1_000);
    const leadUs = index === 0 ? Math.max(1, startupUs) : 1;
    put(run, { type: "session.status_running" }, stretch.fromUs - leadUs);
    emitChildUsage(run, stretch);
    status = "running";
    if (stretch.stop === null) return;
    switch (stretch.stop.kind) {
      case "rescheduled":
        put(run, { type: "session.status_rescheduled" }, stretch.toUs + 1);
        status = "rescheduling";
        break;
      case "terminated":
        put(run, { type: "session.status_terminated" }, stretch.toUs + 1);
        status = "terminated";
        break;
      case "idle": {
        advance(cursors, stretch.toUs);
        emitUsage(run, stretch.toUs + 1);
        const stop_reason = sessionReason(run, cursors);
        const stop_details = stop_reason.type === "refusal" ? stretch.stop.details : null;
        primary.put(
          {
            id: primary.id(),
            processed_at: "",
            stop_details,
            stop_reason,
            type: "session.status_idle",
          },
          stretch.toUs + 2,
        );
        status = "idle";
      }
    }
  });
  return status;
}

/** A snapshot of the usage, filled in when all lists are in order. */
export function emitUsage(run: Run, atUs: number): void {
  run.primary.put(
    { budget: null, id: run.primary.id(), processed_at: "", type: "session.usage", usage: {} },
    atUs,
  );
}

function put(
  run: Run,
  event: {
    type: "session.status_running" | "session.status_rescheduled" | "session.status_terminated";
  },
  atUs: number,
): void {
  run.primary.put({ id: run.primary.id(), processed_at: "", ...event }, atUs);
}

function stretchesOf(run: Run): Stretch[] {
  const stretches: Stretch[] = [];
  for (const lane of run.lanes) {
    for (const period of lane.periods) {
      stretches.push({
        fromUs: period.from.atUs,
        toUs: period.to?.atUs ?? Number.POSITIVE_INFINITY,
        stop: period.stop,
      });
    }
  }
  for (const { fromUs, toUs } of run.workflows) {
    if (fromUs > run.horizonUs) continue;
    const open = toUs > run.horizonUs;
    stretches.push({
      fromUs,
      toUs: open ? Number.POSITIVE_INFINITY : toUs,
      stop: open ? null : END_TURN,
    });
  }
  return stretches.sort((a, b) => a.fromUs - b.fromUs);
}

/** Overlapping stretches become one, which ends as the last of them does. */
function mergeStretches(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const stretch of stretches) {
    const last = merged[merged.length - 1];
    if (last === undefined || stretch.fromUs > last.toUs) {
      merged.push({ ...stretch });
    } else if (stretch.toUs > last.toUs) {
      last.toUs = stretch.toUs;
      last.stop = stretch.stop;
    }
  }
  return merged;
}

/** Moves each thread's cursor to its newest period that had begun by an instant. */
function advance(cursors: Map<Lane, number>, us: number): void {
  for (const [lane, cursor] of cursors) {
    let next = cursor;
    while ((lane.periods[next + 1]?.from.atUs ?? Number.POSITIVE_INFINITY) <= us) next += 1;
    cursors.set(lane, next);
  }
}

/** A pending question outranks the budget, which outranks what the primary thread says. */
function sessionReason(run: Run, cursors: ReadonlyMap<Lane, number>): StopReason {
  const reasons = new Map<Lane, StopReason>();
  for (const [lane, cursor] of cursors) {
    const stop = lane.periods[cursor]?.stop;
    if (stop?.kind === "idle") reasons.set(lane, stop.reason);
  }
  const event_ids = [...reasons.values()].flatMap((reason) =>
    reason.type === "requires_action" ? reason.event_ids : [],
  );
  if (event_ids.length > 0) return { event_ids, type: "requires_action" };
  const all = [...reasons.values()];
  return (
    all.find((reason) => reason.type === "budget_reached") ??
    reasons.get(run.primary) ?? { type: "end_turn" }
  );
}

/** A child that goes idle while others run brings a usage snapshot without a session idle. */
function emitChildUsage(run: Run, stretch: Stretch): void {
  if (run.lanes.length === 1) return;
  const within = (period: Period) =>
    period.stop?.kind === "idle" &&
    (period.to?.atUs ?? stretch.toUs) + CHILD_USAGE_US < Math.min(stretch.toUs, run.horizonUs) &&
    period.from.atUs >= stretch.fromUs;
  for (const lane of run.lanes) {
    if (lane.spec.kind !== "child") continue;
    for (const period of lane.periods) {
      if (period.to !== null && within(period)) emitUsage(run, period.to.atUs + CHILD_USAGE_US);
    }
  }
}

const CHILD_USAGE_US = 92_417;
