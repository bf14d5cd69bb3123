import { record } from "@/lib/audit/service";
import { type Db, prisma } from "@/lib/db/client";
import { invalidField } from "@/lib/http/errors";
import { defaultOf } from "./dispatch";
import { listReceivers, type Receiver } from "./group-store";
import { isMuted } from "./mute";
import { listTimings } from "./mute-store";
import { reconsider } from "./notice-store";
import { isPager, routesOf, targetsOf, timingOf } from "./route";
import type {
  NewRoute,
  RouteItem,
  RoutePreview,
  RoutePreviewAnswer,
  RoutesPage,
} from "./route-schema";
import { changeRoute, deleteRoute, listRoutes, orderRoutes, saveRoute } from "./route-store";
import { readSettings } from "./settings-store";
import { silencing } from "./silence";
import { listStanding } from "./silence-store";

export async function readRoutes(workspace: string): Promise<RoutesPage> {
  return { data: await listRoutes(workspace), next_cursor: null };
}

/** Throws `invalid` for channels and mute timings that there are not, `conflict` when there are too many. */
export async function createRoute(
  workspace: string,
  route: NewRoute,
  now = new Date(),
): Promise<RouteItem> {
  return prisma.$transaction(async (tx) => {
    await checkNames(tx, workspace, route);
    const made = await saveRoute(tx, workspace, route, now);
    await record(tx, workspace, { action: "route.created", target: made, after: made });
    await reconsider(tx, workspace, now);
    return made;
  });
}

/** Throws `not_found`, and `invalid` as a new one does. */
export async function replaceRoute(
  workspace: string,
  id: string,
  route: NewRoute,
  now = new Date(),
): Promise<RouteItem> {
  return prisma.$transaction(async (tx) => {
    await checkNames(tx, workspace, route);
    const before = await findRoute(tx, workspace, id);
    const changed = await changeRoute(tx, workspace, id, route);
    const states = { before, after: changed };
    await record(tx, workspace, { action: "route.changed", target: changed, ...states });
    await reconsider(tx, workspace, now);
    return changed;
  });
}

/** Throws `not_found`. */
export async function removeRoute(workspace: string, id: string, now = new Date()): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const before = await findRoute(tx, workspace, id);
    await deleteRoute(tx, workspace, id);
    await record(tx, workspace, { action: "route.deleted", target: { ...before, id }, before });
    await reconsider(tx, workspace, now);
  });
}

const findRoute = async (db: Db, workspace: string, id: string) =>
  (await listRoutes(workspace, db)).find((route) => route.id === id) ?? null;

/** Throws `invalid` unless all routes are named, each once. */
export async function reorderRoutes(
  workspace: string,
  ids: readonly string[],
  now = new Date(),
): Promise<RoutesPage> {
  return prisma.$transaction(async (tx) => {
    const before = await listRoutes(workspace, tx);
    const present = before.map(({ id }) => id).sort();
    if (JSON.stringify([...ids].sort()) !== JSON.stringify(present))
      throw invalidField("ids", "name every route once; read them again if some are new or gone");
    await orderRoutes(tx, workspace, ids);
    const data = await listRoutes(workspace, tx);
    const [was, is] = [before, data].map((routes) => ({ order: routes.map(({ name }) => name) }));
    await record(tx, workspace, { action: "route.ordered", before: was, after: is });
    await reconsider(tx, workspace, now);
    return { data, next_cursor: null };
  });
}

async function checkNames(db: Db, workspace: string, route: NewRoute): Promise<void> {
  const channels = new Set((await listReceivers(workspace, db)).map(({ id }) => id));
  const timings = new Set((await listTimings(workspace, db)).map(({ id }) => id));
  const check = (path: string, ids: readonly string[], known: Set<string>, what: string) => {
    const index = ids.findIndex((id) => !known.has(id));
    if (index >= 0) throw invalidField(`${path}.${index}`, `there is no such ${what}`);
  };
  check("channels", route.channels, channels, "channel");
  for (const [step, one] of route.escalate.entries())
    check(`escalate.${step}.channels`, one.channels, channels, "channel");
  check("mute_timings", route.mute_timings, timings, "mute timing");
  check("active_timings", route.active_timings, timings, "mute timing");
}

/** Where an alert with these labels would go now, and when. */
export async function previewRoutes(
  workspace: string,
  { labels, channels }: RoutePreview,
  now = new Date(),
): Promise<RoutePreviewAnswer> {
  const routes = await listRoutes(workspace);
  const receivers = new Map((await listReceivers(workspace)).map((one) => [one.id, one]));
  const timings = new Map((await listTimings(workspace)).map((one) => [one.id, one]));
  const { timers } = await readSettings(workspace);
  const silences = await listStanding(workspace, now);
  const exists = (id: string) => receivers.has(id);
  const routing = { routes, exists, defaultChannelId: defaultOf(receivers) };
  const isCritical = labels.severity === "critical";
  const targets = targetsOf(routing, labels, { channels, rest: "" }).flatMap((target) => {
    const receiver: Receiver | undefined = receivers.get(target.channelId);
    if (!receiver) return [];
    const route = routes.find(({ id }) => id === target.routeId) ?? null;
    const timing = timingOf(route, timers, isPager(receiver.kind));
    return [
      {
        channel: { id: receiver.id, name: receiver.name, kind: receiver.kind },
        ...{ route: target.routeId, group: target.group, after_ms: target.afterMs },
        timers: {
          group_wait_ms: isCritical ? 0 : timing.groupWaitMs,
          group_interval_ms: timing.groupIntervalMs,
          repeat_ms: isCritical ? timing.repeatCriticalMs : timing.repeatMs,
        },
        muted: route !== null && isMuted(route, timings, now.getTime()),
      },
    ];
  });
  return {
    routes: routesOf(routes, labels).map(({ id, name, continue: goesOn }) => ({
      ...{ id, name, continue: goesOn },
    })),
    targets,
    silenced: silencing(silences, now.getTime())(labels),
  };
}
