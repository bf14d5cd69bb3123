import { record } from "@/lib/audit/service";
import { type Db, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { isWithin } from "./mute";
import type { MuteTimingItem, MuteTimingsPage, NewMuteTiming } from "./mute-schema";
import { changeTiming, deleteTiming, listTimings, saveTiming, type TimingRow } from "./mute-store";
import { reconsider } from "./notice-store";
import { listRoutes } from "./route-store";

const itemOf = ({ createdAt, ...timing }: TimingRow, now: Date): MuteTimingItem => ({
  ...timing,
  now: isWithin(timing, now.getTime()),
  created_at: createdAt.toISOString(),
});

export async function readTimings(workspace: string, now = new Date()): Promise<MuteTimingsPage> {
  const rows = await listTimings(workspace);
  return { data: rows.map((row) => itemOf(row, now)), next_cursor: null };
}

/** Throws `conflict` when there are too many. */
export async function createTiming(
  workspace: string,
  timing: NewMuteTiming,
  now = new Date(),
): Promise<MuteTimingItem> {
  return prisma.$transaction(async (tx) => {
    const made = await saveTiming(tx, workspace, timing, now);
    await record(tx, workspace, { action: "mute_timing.created", target: made, after: made });
    return itemOf(made, now);
  });
}

/** Throws `not_found`. */
export async function replaceTiming(
  workspace: string,
  id: string,
  timing: NewMuteTiming,
  now = new Date(),
): Promise<MuteTimingItem> {
  return prisma.$transaction(async (tx) => {
    const before = await findTiming(tx, workspace, id);
    const changed = await changeTiming(tx, workspace, id, timing);
    const states = { before, after: changed };
    await record(tx, workspace, { action: "mute_timing.changed", target: changed, ...states });
    await reconsider(tx, workspace, now);
    return itemOf(changed, now);
  });
}

/** Throws `not_found`, and `conflict` while a route refers to it. */
export async function removeTiming(workspace: string, id: string): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const route = (await listRoutes(workspace, tx)).find(
      ({ mute_timings, active_timings }) =>
        mute_timings.includes(id) || active_timings.includes(id),
    );
    if (route)
      throw new AppError(
        "conflict",
        `The route “${route.name}” refers to this mute timing: take it out there first.`,
      );
    const before = await findTiming(tx, workspace, id);
    await deleteTiming(tx, workspace, id);
    const target = { ...before, id };
    await record(tx, workspace, { action: "mute_timing.deleted", target, before });
  });
}

const findTiming = async (db: Db, workspace: string, id: string) =>
  (await listTimings(workspace, db)).find((timing) => timing.id === id) ?? null;
