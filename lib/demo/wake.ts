import { SECOND_US } from "@/lib/demo/calendar";
import { END_TURN, type Lane } from "@/lib/demo/lane";
import type { Run } from "@/lib/demo/run";
import { emitUsage } from "@/lib/demo/session-status";

/**
 * As recorded: an answer for a child first wakes the coordinator, which goes idle again at once, and
 * the session then says that it waits for the answered call although the child works on.
 */
export function wakeForAnswers(run: Run): void {
  const { primary, random } = run;
  const endUs = primary.clockUs;
  for (const lane of run.lanes) {
    if (lane.spec.kind !== "child") continue;
    for (const [index, period] of lane.periods.entries()) {
      const waited = lane.periods[index - 1]?.stop;
      if (waited?.kind !== "idle" || waited.reason.type !== "requires_action") continue;
      if (period.to === null || period.to.atUs > run.horizonUs) continue;
      const atUs = period.from.atUs - random.int(120_000, 200_000);
      if (isBusy(primary, atUs)) continue;
      primary.clockUs = atUs;
      primary.start();
      primary.advance(random.int(220_000, 270_000));
      primary.stop(END_TURN);
      const idleUs = primary.clockUs - 1;
      emitUsage(run, idleUs + 1);
      primary.put(
        {
          id: primary.id(),
          processed_at: "",
          stop_details: null,
          stop_reason: waited.reason,
          type: "session.status_idle",
        },
        idleUs + 2,
      );
    }
  }
  primary.periods.sort((a, b) => a.from.atUs - b.from.atUs);
  primary.clockUs = endUs;
}

function isBusy(lane: Lane, us: number): boolean {
  return lane.periods.some(
    ({ from, to }) =>
      us > from.atUs - SECOND_US && us < (to?.atUs ?? Number.POSITIVE_INFINITY) + SECOND_US,
  );
}
