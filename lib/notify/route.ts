import { z } from "zod";
import type { Labels } from "./match";
import { matches } from "./match";
import type { NewRoute, Timers } from "./route-schema";

export type Route = NewRoute & { id: string };

/** When a group is told of what. Times in milliseconds; a repeat of 0 is none. */
export const Timing = z.object({
  groupWaitMs: z.number(),
  groupIntervalMs: z.number(),
  repeatCriticalMs: z.number(),
  repeatMs: z.number(),
});
export type Timing = z.infer<typeof Timing>;

/** One channel that a notice goes to, and what it is told together with. */
export type Target = {
  channelId: string;
  /** Null: the rule names the channel, or it is the default. */
  routeId: string | null;
  key: string;
  group: Labels;
  /** 0, or so long after the first message unless somebody acknowledges. */
  afterMs: number;
};

/** Every alert by itself. */
const EACH = "...";
const DEFAULT_GROUPING = ["alertname"];

/** The routes that take these labels: the first that fits, and those after it as long as each lets it go on. */
export function routesOf<R extends NewRoute>(routes: readonly R[], labels: Labels): R[] {
  const taken: R[] = [];
  for (const route of routes) {
    if (!matches(route.matchers)(labels)) continue;
    taken.push(route);
    if (!route.continue) break;
  }
  return taken;
}

export type Routing = {
  routes: readonly Route[];
  /** Whether there is such a channel. */
  exists: (channelId: string) => boolean;
  /** Takes what neither a route nor its own rule sends anywhere, and what goes to channels that are gone. */
  defaultChannelId: string | null;
};

/**
 * Where a notice goes: the channels of the routes that take it, and those its rule names, which are
 * told as the first of these routes tells. `rest` names the alert where each goes by itself.
 */
export function targetsOf(
  { routes, exists, defaultChannelId }: Routing,
  labels: Labels,
  { channels, rest }: { channels: readonly string[]; rest: string },
): Target[] {
  const taken = routesOf(routes, labels);
  const found = new Map<string, Target>();
  const add = (channelId: string, route: Route | null, afterMs = 0) => {
    if (!exists(channelId)) return;
    const { key, group } = groupOf(route, labels, rest);
    const own = afterMs === 0 ? key : `${key}+${afterMs}`;
    const target = { channelId, routeId: route?.id ?? null, key: own, group, afterMs };
    const id = `${channelId} ${own}`;
    if (!found.has(id)) found.set(id, target);
  };
  for (const route of taken) for (const channel of route.channels) add(channel, route);
  const reached = new Set([...found.values()].map(({ channelId }) => channelId));
  for (const channel of channels) if (!reached.has(channel)) add(channel, taken[0] ?? null);
  const isMeantForSome = channels.length > 0 || taken.some((route) => route.channels.length > 0);
  if (found.size === 0 && defaultChannelId !== null && (taken.length === 0 || isMeantForSome))
    add(defaultChannelId, taken[0] ?? null);
  for (const route of taken)
    for (const { after_ms, channels } of route.escalate)
      for (const channel of channels) add(channel, route, after_ms);
  return [...found.values()];
}

/** A key holds whom the group is of: its route and the labels it is made by. */
function groupOf(
  route: Route | null,
  labels: Labels,
  rest: string,
): { key: string; group: Labels } {
  const by = route?.group_by ?? DEFAULT_GROUPING;
  const group = Object.fromEntries(
    [...by]
      .filter((name) => name !== EACH)
      .sort()
      .map((name) => [name, labels[name] ?? ""]),
  );
  const each = by.includes(EACH) ? [rest] : [];
  return {
    key: JSON.stringify([route?.id ?? "", ...Object.entries(group).flat(), ...each]),
    group,
  };
}

/** A route's own timers, or those of all. */
export function timingOf(route: NewRoute | null, timers: Timers, isPager: boolean): Timing {
  const { group_wait_ms, group_interval_ms, repeat_ms } = route ?? {};
  return {
    groupWaitMs: group_wait_ms ?? timers.group_wait_ms,
    groupIntervalMs: group_interval_ms ?? timers.group_interval_ms,
    repeatCriticalMs: repeat_ms ?? timers.repeat_critical_ms,
    repeatMs: repeat_ms ?? (isPager ? timers.repeat_pager_ms : timers.repeat_chat_ms),
  };
}

/** Receivers that keep an alert open until they are told of its close. */
export const isPager = (kind: string) => kind === "pagerduty" || kind === "alertmanager";
