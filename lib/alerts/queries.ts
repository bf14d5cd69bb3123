import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/http/client";
import type { AlertsPage, EpisodeDetail, EpisodesPage, HeartbeatItem } from "./episode-schema";
import type {
  BacktestAnswer,
  Preview,
  RuleItem,
  RulesPage,
  RuleTest,
  RuleTestAnswer,
  RuleVersions,
  ThresholdCounts,
  WaitSuggestion,
} from "./rules-schema";

/** Everything of the room, for what changes alerts: rules, acknowledgements, silences. */
export const ALERTS = ["alerts"] as const;

const RULES = "/api/v1/rules";
const rulePath = (id: string, rest = "") => `${RULES}/${encodeURIComponent(id)}${rest}`;
const episodePath = (id: string, rest = "") => `/api/v1/episodes/${encodeURIComponent(id)}${rest}`;

/** What fires, recovers, waits or has no data. */
export function alertsNow() {
  return queryOptions({
    queryKey: [...ALERTS, "now"],
    queryFn: ({ signal }) => api<AlertsPage>("/api/v1/alerts", { signal }),
    staleTime: 5_000,
  });
}

/** The few worst that fire, and how many do: for every page's frame. */
export const FIRING_SHOWN = 5;
export function alertsFiring() {
  return queryOptions({
    queryKey: [...ALERTS, "firing"],
    queryFn: ({ signal }) =>
      api<AlertsPage>(`/api/v1/alerts?state=firing&state=recovering&limit=${FIRING_SHOWN}`, {
        signal,
      }),
    staleTime: 5_000,
  });
}

export const EPISODES_PAGE = 25;

/** Newest first. `params` are the API's filter, in a fixed order. */
export function episodesList(params: string) {
  return infiniteQueryOptions({
    queryKey: [...ALERTS, "episodes", params],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams(params);
      asked.set("limit", `${EPISODES_PAGE}`);
      if (pageParam !== null) asked.set("cursor", pageParam);
      return api<EpisodesPage>(`/api/v1/episodes?${asked}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
}

export function episodeDetail(id: string) {
  return queryOptions({
    queryKey: [...ALERTS, "episode", id],
    queryFn: ({ signal }) => api<EpisodeDetail>(episodePath(id), { signal }),
    staleTime: 5_000,
  });
}

export const acknowledgeEpisode = (id: string, acknowledged: boolean) =>
  api<EpisodeDetail>(episodePath(id, "/acknowledgement"), {
    method: "PUT",
    body: { acknowledged },
  });

export const addEpisodeNote = (id: string, text: string) =>
  api<EpisodeDetail>(episodePath(id, "/notes"), { method: "POST", body: { text } });

/** As many as one answer holds. */
export const RULES_PAGE = 200;

export function rulesList() {
  return queryOptions({
    queryKey: [...ALERTS, "rules"],
    queryFn: ({ signal }) => api<RulesPage>(`${RULES}?limit=${RULES_PAGE}`, { signal }),
    staleTime: 5_000,
  });
}

export function ruleDetail(id: string) {
  return queryOptions({
    queryKey: [...ALERTS, "rule", id],
    queryFn: ({ signal }) => api<RuleItem>(rulePath(id), { signal }),
    staleTime: 5_000,
  });
}

export function ruleVersions(id: string) {
  return queryOptions({
    queryKey: [...ALERTS, "rule", id, "versions"],
    queryFn: ({ signal }) => api<RuleVersions>(rulePath(id, "/versions"), { signal }),
    staleTime: 5_000,
  });
}

/** A longer wait that would spare its readers something. */
export function ruleSuggestion(id: string) {
  return queryOptions({
    queryKey: [...ALERTS, "rule", id, "suggestion"],
    queryFn: ({ signal }) => api<WaitSuggestion>(rulePath(id, "/suggestion"), { signal }),
    staleTime: 600_000,
  });
}

/** A rule as it is sent: what is left out has its default. */
export type RuleBody = Record<string, unknown>;

/** What a rule would find now; fails with what is wrong with it. `rule` is its JSON. */
export function rulePreview(rule: string) {
  return queryOptions({
    queryKey: [...ALERTS, "preview", rule],
    queryFn: ({ signal }) =>
      api<Preview>(`${RULES}/preview`, { method: "POST", body: JSON.parse(rule), signal }),
    staleTime: 10_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** What it would have done over the last `days`. An older question is given up for a newer one. */
export function ruleBacktest(rule: string, days: number, now: () => number) {
  return queryOptions({
    queryKey: [...ALERTS, "backtest", rule, days],
    queryFn: ({ signal }) => {
      const to = now();
      const range = { from: iso(to - days * 86_400_000), to: iso(to) };
      const body = { ...JSON.parse(rule), ...range };
      return api<BacktestAnswer>(`${RULES}/backtest`, { method: "POST", body, signal });
    },
    staleTime: 60_000,
    gcTime: 120_000,
    placeholderData: keepPreviousData,
  });
}

/** The same by each of many bounds; `rule` is its JSON without the bound, which changes nothing but where they lie. */
export function ruleThresholds(rule: string, fire: unknown, days: number, now: () => number) {
  return queryOptions({
    queryKey: [...ALERTS, "thresholds", rule, days],
    queryFn: ({ signal }) => {
      const to = now();
      const range = { from: iso(to - days * 86_400_000), to: iso(to) };
      const body = { name: "New rule", ...JSON.parse(rule), fire, ...range };
      return api<ThresholdCounts>(`${RULES}/thresholds`, { method: "POST", body, signal });
    },
    staleTime: 60_000,
    gcTime: 120_000,
    retry: false,
  });
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Makes a rule, or writes one anew. */
export const saveRule = (id: string | null, rule: RuleBody): Promise<RuleItem> =>
  id === null
    ? api(RULES, { method: "POST", body: rule })
    : api(rulePath(id), { method: "PUT", body: rule });

export const pauseRule = (id: string, paused: boolean) =>
  api<RuleItem>(rulePath(id), { method: "PATCH", body: { paused } });

/** Its message, marked as a test, where its alerts go. */
export const testRule = (id: string, test: RuleTest) =>
  api<RuleTestAnswer>(rulePath(id, "/test"), { method: "POST", body: test });

export const deleteRule = (id: string) => api<void>(rulePath(id), { method: "DELETE" });

export function heartbeats() {
  return queryOptions({
    queryKey: [...ALERTS, "heartbeats"],
    queryFn: ({ signal }) => api<{ data: HeartbeatItem[] }>("/api/v1/heartbeats", { signal }),
    staleTime: 10_000,
  });
}
