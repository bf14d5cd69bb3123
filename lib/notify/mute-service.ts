import { prisma } from "@/lib/db/client";
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
  return itemOf(await saveTiming(prisma, workspace, timing, now), now);
}

/** Throws `not_found`. */
export async function replaceTiming(
  workspace: string,
  id: string,
  timing: NewMuteTiming,
  now = new Date(),
): Promise<MuteTimingItem> {
  return prisma.$transaction(async (tx) => {
    const changed = await changeTiming(tx, workspace, id, timing);
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
    await deleteTiming(tx, workspace, id);
  });
}
