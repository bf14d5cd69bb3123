import { figureTyped, typedMs } from "@/components/alerts/typed-figure";
import type { RouteBody } from "@/lib/notify/queries";
import type { RouteItem } from "@/lib/notify/route-schema";
import type { Matcher } from "@/lib/notify/schema";

/** The form's fields as they are typed; timers left empty are as for all. */
export type Draft = {
  name: string;
  matchers: Matcher[];
  continue: boolean;
  channels: string[];
  group_by: string;
  group_wait_ms: string;
  group_interval_ms: string;
  repeat_ms: string;
  mute_timings: string[];
  active_timings: string[];
  escalate: { after: string; channels: string[] }[];
};

const TIMERS = ["group_wait_ms", "group_interval_ms", "repeat_ms"] as const;

export function draftOf(route: RouteItem | null): Draft {
  if (!route)
    return {
      ...{ name: "", matchers: [], continue: false, channels: [], group_by: "alertname" },
      ...{ group_wait_ms: "", group_interval_ms: "", repeat_ms: "" },
      ...{ mute_timings: [], active_timings: [], escalate: [] },
    };
  const { name, matchers, channels, mute_timings, active_timings } = route;
  const timers = Object.fromEntries(
    TIMERS.map((timer) => [timer, lengthText(route[timer])]),
  ) as Pick<Draft, (typeof TIMERS)[number]>;
  return {
    ...{ name, matchers, channels, mute_timings, active_timings, ...timers },
    continue: route.continue,
    group_by: route.group_by.join(", "),
    escalate: route.escalate.map(({ after_ms, channels: told }) => ({
      after: lengthText(after_ms),
      channels: told,
    })),
  };
}

const lengthText = (ms: number | undefined) => (ms === undefined ? "" : figureTyped(ms, "ms"));

/** The route that is typed, and what cannot be read of it. */
export function readDraft(draft: Draft): { body: RouteBody; issues: Record<string, string> } {
  const issues: Record<string, string> = {};
  const length = (path: string, text: string): number | undefined => {
    if (text.trim() === "") return undefined;
    const ms = text.trim() === "0" ? 0 : typedMs(text);
    if (ms === null) issues[path] = "expected a length of time, like 30s or 4h";
    return ms ?? undefined;
  };
  if (draft.matchers.some(({ name }) => name.trim() === "")) issues.matchers = "each needs a label";
  const timers = Object.fromEntries(
    TIMERS.flatMap((timer) => {
      const ms = length(timer, draft[timer]);
      return ms === undefined ? [] : [[timer, ms]];
    }),
  );
  const escalate = draft.escalate.map(({ after, channels }) => {
    if (after.trim() === "" || channels.length === 0)
      issues.escalate = "each step needs a time and somebody to tell";
    return { after_ms: length("escalate", after), channels };
  });
  const { name, matchers, channels, mute_timings, active_timings } = draft;
  return {
    body: {
      ...{ name: name.trim() || "Route", matchers, channels, mute_timings, active_timings },
      ...{ ...timers, escalate, continue: draft.continue },
      group_by: draft.group_by.split(/[,\s]+/).filter((label) => label !== ""),
    },
    issues,
  };
}
