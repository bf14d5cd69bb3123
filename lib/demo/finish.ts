import { budgetObject, emitChanges, settingsAt } from "@/lib/demo/changes";
import type { Entry, Lane } from "@/lib/demo/lane";
import type { Run } from "@/lib/demo/run";
import type { DemoEvent, DemoSession, ListedEvent } from "@/lib/demo/schema";
import { sessionObject, threadObject } from "@/lib/demo/session-object";
import { emitSessionStatus } from "@/lib/demo/session-status";
import { meterOf, type UsageFigures } from "@/lib/demo/usage";
import { isoFromMicros } from "@/lib/time/micros";

/** Cuts a simulated session off at its horizon and writes it down as the API would list it. */
export function finish(run: Run): DemoSession {
  const queued = cutOff(run);
  const derived = emitSessionStatus(run);
  emitChanges(run);
  const archived = emitArchiving(run);
  for (const lane of run.lanes) putInOrder(lane.entries);
  const usage = fillSnapshots(run);
  const events: ListedEvent[] = [];
  for (const lane of run.lanes) {
    const session_thread_id = lane === run.primary ? null : lane.spec.threadId;
    for (const entry of lane.entries) {
      stamp(entry);
      events.push({ session_id: run.sessionId, session_thread_id, event: entry.event });
    }
    for (const { event } of queued.get(lane) ?? []) {
      events.push({ session_id: run.sessionId, session_thread_id, event: waiting(event) });
    }
  }
  return {
    session: sessionObject(run, archived ? "terminated" : derived, usage),
    threads: run.lanes.map((lane) => threadObject(run, lane)),
    events,
  };
}

/** Drops what lies after the horizon; answers the inputs that were sent before it and still wait. */
function cutOff(run: Run): Map<Lane, Entry[]> {
  const { horizonUs } = run;
  const queued = new Map<Lane, Entry[]>();
  if (run.lanes.every((lane) => lane.clockUs <= horizonUs)) return queued;
  run.lanes = run.lanes.filter((lane) => lane.spec.createdUs <= horizonUs);
  for (const lane of run.lanes) {
    const kept = lane.entries.filter((entry) => entry.atUs <= horizonUs);
    queued.set(
      lane,
      lane.entries.filter(
        (entry) => entry.atUs > horizonUs && entry.sentUs !== null && entry.sentUs <= horizonUs,
      ),
    );
    lane.entries.splice(0, lane.entries.length, ...kept);
    const periods = lane.periods.filter((period) => period.from.atUs <= horizonUs);
    for (const period of periods) {
      if (period.to === null || period.to.atUs <= horizonUs) continue;
      period.to = null;
      period.stop = null;
    }
    lane.periods.splice(0, lane.periods.length, ...periods);
    if ((lane.terminatedUs ?? 0) > horizonUs) lane.terminatedUs = null;
    if ((lane.archivedUs ?? 0) > horizonUs) lane.archivedUs = null;
  }
  run.charges = run.charges.filter(({ entry }) => entry.atUs <= horizonUs);
  run.searches = run.searches.filter(({ entry }) => entry.atUs <= horizonUs);
  return queued;
}

/** Archiving ends the session's thread and the session itself, unless they had died before. */
function emitArchiving(run: Run): boolean {
  if (run.archivedUs === null) return false;
  if (run.archivedUs > run.horizonUs) {
    run.archivedUs = null;
    return false;
  }
  const { primary } = run;
  if (primary.terminatedUs === null) {
    primary.clockUs = run.archivedUs - 60_000;
    primary.terminate();
    primary.put(
      { id: primary.id(), processed_at: "", type: "session.status_terminated" },
      primary.clockUs,
    );
  }
  return true;
}

/**
 * Ascending and without ties: events of one instant are 1 µs apart, as on the platform. The primary
 * list comes first; what stands in both lists has its time from there.
 */
function putInOrder(entries: Entry[]): void {
  for (const entry of entries) entry.atUs = entry.twin?.atUs ?? entry.atUs;
  entries.sort((a, b) => a.atUs - b.atUs);
  let previousUs = 0;
  for (const entry of entries) {
    if (entry.atUs <= previousUs) entry.atUs = previousUs + 1;
    previousUs = entry.atUs;
  }
}

/**
 * Writes the usage into every snapshot. Answers the session object's own: while something runs, it
 * shows the tokens of the last snapshot and only the active time moves.
 */
function fillSnapshots(run: Run): UsageFigures {
  const metered = {
    charges: run.charges,
    searches: run.searches,
    periods: run.lanes.flatMap((lane) => lane.periods),
    runtime: true,
  };
  const meter = meterOf(metered);
  let lastUs = 0;
  for (const { atUs, event } of run.primary.entries) {
    if (event.type !== "session.usage") continue;
    event.usage = meter.read(atUs);
    event.budget = budgetObject(settingsAt(run, atUs).budgetCents);
    lastUs = atUs;
  }
  const running = run.lanes.some((lane) => lane.running);
  if (!running) return meter.read(run.nowUs);
  return meterOf({
    ...metered,
    charges: run.charges.filter(({ entry }) => entry.atUs <= lastUs),
    searches: run.searches.filter(({ entry }) => entry.atUs <= lastUs),
  }).read(run.nowUs);
}

function stamp(entry: Entry): void {
  const { event } = entry;
  if (entry.timeless && isInput(event)) delete event.processed_at;
  else event.processed_at = isoFromMicros(entry.atUs);
}

/** An input nobody has taken in yet. */
function waiting(event: DemoEvent): DemoEvent {
  if (isInput(event)) event.processed_at = null;
  return event;
}

type Input = Extract<
  DemoEvent,
  {
    type:
      | "user.message"
      | "user.interrupt"
      | "user.custom_tool_result"
      | "user.tool_result"
      | "user.tool_confirmation"
      | "system.message";
  }
>;

function isInput(event: DemoEvent): event is Input {
  return (
    event.type === "system.message" ||
    (event.type.startsWith("user.") && event.type !== "user.define_outcome")
  );
}
