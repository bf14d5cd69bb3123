import { invalidField } from "@/lib/http/errors";
import type { MinuteSeries } from "@/lib/metrics/minutes";
import { type Backtest, type BacktestEpisode, backtestInParts, type StateRun } from "./backtest";
import { behindOf, sessionQuery } from "./behind";
import { fingerprintOf } from "./fingerprint";
import { namesIn, readNames } from "./names-service";
import { courseOf } from "./past-course";
import { type Past, readPast } from "./past-service";
import { refuseBad } from "./refusal-service";
import { restfully } from "./restfully";
import { type Judged, judgedOf } from "./rule";
import type { NewRule } from "./rule-schema";
import type { BacktestAnswer, BacktestRequest } from "./rules-schema";

const MINUTE_MS = 60_000;
const MOST_EPISODES = 500;
const MOST_DRAWN = 6;
const MOST_POINTS = 300;
const MOST_DAYS = 35;

/**
 * What a rule would have done over stored history, by the very conditions and states of live evaluation.
 * Throws `invalid` for a rule that is wrong, one whose past is not kept, or a range that is.
 */
export async function backtestRule(
  workspace: string,
  { from, to, ...written }: BacktestRequest,
  now = new Date(),
): Promise<BacktestAnswer> {
  const rule = written as NewRule;
  await refuseBad(workspace, rule);
  const range = rangeOf({ from, to }, now);
  const judged = judgedOf(rule);
  const past = await readPast(workspace, judged, range);
  const drawn = [...past.series].sort((a, b) => b.minutes.length - a.minutes.length);
  const prints = drawn.slice(0, MOST_DRAWN).map(({ labels }) => fingerprintOf(labels));
  const found = await inParts(judged, past, prints.length > 0 ? new Set(prints) : MOST_DRAWN);
  return answerOf(workspace, { rule, judged, past, found, drawn: drawn.slice(0, MOST_DRAWN) });
}

/** Throws `invalid` for one that is none, or longer than is kept. */
export function rangeOf({ from, to }: { from: string; to: string }, now: Date) {
  const [fromMs, toMs] = [Date.parse(from), Math.min(Date.parse(to), now.getTime())];
  if (fromMs >= toMs) throw invalidField("from", "it must be before `to`, and in the past");
  if (toMs - fromMs > MOST_DAYS * 1440 * MINUTE_MS)
    throw invalidField("from", `at most ${MOST_DAYS} days are looked back on`);
  return { fromMs, toMs, now };
}

export function inParts(
  rule: Judged,
  past: Past,
  drawn: ReadonlySet<string> | number,
): Promise<Backtest> {
  const { fromMs, toMs } = past;
  const stepMs = stepOf(rule, past);
  return restfully(backtestInParts(rule, past.begin(), { fromMs, toMs, drawn, stepMs }));
}

type Drawing = {
  rule: NewRule;
  judged: Judged;
  past: Past;
  found: Backtest;
  drawn: readonly MinuteSeries[];
};

async function answerOf(
  workspace: string,
  { rule, judged, past, found, drawn }: Drawing,
): Promise<BacktestAnswer> {
  const shown = found.episodes.slice(0, MOST_EPISODES);
  const names = await readNames(
    { workspace, scopes: [] },
    shown.map(({ labels }) => labels),
  );
  const lengths = found.episodes.map((one) => lengthOf(one, past.toMs)).sort((a, b) => a - b);
  return {
    episodes: shown.map(({ fingerprint, ...episode }) => ({
      ...episode,
      names: namesIn(names, episode.labels),
      session_query: queryOf(rule, judged, episode, past.toMs),
    })),
    total: found.episodes.length,
    longest_ms: lengths.at(-1) ?? null,
    median_ms: lengths[Math.floor(lengths.length / 2)] ?? null,
    messages: found.messages,
    suppressed_by_volume: found.suppressed_by_volume,
    ...{ groups: found.groups, ticks: found.ticks },
    series:
      drawn.length > 0
        ? drawn.map((one) => ({
            labels: one.labels,
            points: courseOf(judged, one, { ...past, most: MOST_POINTS }),
            states: statesOf(found, fingerprintOf(one.labels)),
          }))
        : [...found.courses].map(([fingerprint, { labels, points }]) => ({
            labels,
            points: pointsOf(points, past, stepOf(judged, past)),
            states: statesOf(found, fingerprint),
          })),
    limits: past.limits,
  };
}

const stepOf = ({ everyMs }: Judged, { fromMs, toMs }: Past) =>
  Math.max(1, Math.ceil((toMs - fromMs) / everyMs / MOST_POINTS)) * everyMs;

function pointsOf(
  points: readonly (number | null)[],
  { fromMs, toMs }: Past,
  stepMs: number,
): [string, number | null][] {
  const count = Math.floor((toMs - fromMs) / stepMs) + 1;
  return Array.from({ length: count }, (_, at) => [iso(fromMs + at * stepMs), points[at] ?? null]);
}

const statesOf = ({ states }: Backtest, fingerprint: string) =>
  (states.get(fingerprint) ?? []).filter(({ state }) => state !== "inactive").map(stateOf);

const iso = (ms: number) => new Date(ms).toISOString();
const stateOf = ({ state, fromMs, toMs }: StateRun) => ({
  state,
  from: iso(fromMs),
  to: iso(toMs),
});

const lengthOf = ({ opened_at, closed_at }: BacktestEpisode, toMs: number): number =>
  (closed_at === null ? toMs : Date.parse(closed_at)) - Date.parse(opened_at);

function queryOf(
  rule: NewRule,
  { delayMs, windowMs }: Judged,
  { labels, opened_at, closed_at }: Omit<BacktestEpisode, "fingerprint">,
  toMs: number,
): string {
  const behind = behindOf(rule, labels);
  if (!behind) return "";
  const end = closed_at === null ? toMs : Date.parse(closed_at);
  return sessionQuery(behind, {
    fromMs: Date.parse(opened_at) - delayMs - windowMs,
    toMs: end - delayMs,
  });
}
