import { levelsOf } from "@/components/alerts/backtest-series";
import { labelLine } from "@/components/alerts/words";
import { parseDuration } from "@/lib/alerts/duration";
import type { EpisodeDetail } from "@/lib/alerts/episode-schema";
import type { LevelSeries, Marker, StateRun } from "@/lib/series";

const MINUTE_MS = 60_000;
/** So many points are as fine as a chart is wide. */
const MOST_POINTS = 300;
/** What is drawn after the close. */
const TICKS_AFTER = 10;

/**
 * The value of an episode over time with what it was judged by; null where no tick of it is kept any
 * more. Ticks that changed nothing are not told one by one: a value holds until the next.
 */
export function episodeSeries(episode: EpisodeDetail, nowMs: number): LevelSeries | null {
  const told = episode.course.map(([at, value]) => ({ atMs: Date.parse(at), value }));
  const fromMs = told[0]?.atMs;
  if (fromMs === undefined) return null;
  const everyMs = parseDuration(episode.rule?.every ?? "") ?? MINUTE_MS;
  const lastMs = Math.max(told.at(-1)?.atMs ?? fromMs, endOf(episode, everyMs, nowMs));
  const stepMs = Math.max(everyMs, Math.ceil((lastMs - fromMs) / MOST_POINTS / everyMs) * everyMs);
  const steps = Math.floor((lastMs - fromMs) / stepMs) + 1;
  const times = Array.from({ length: steps }, (_, index) => fromMs + index * stepMs);
  const toMs = fromMs + steps * stepMs;
  const { labels, names, peak, rule } = episode;
  return {
    ...{ fromMs, toMs, stepMs, times, levels: rule ? levelsOf(rule) : [] },
    series: [
      {
        ...{ key: "value", label: labelLine(labels, names) || "Value", color: "var(--accent)" },
        values: times.map(
          (time) => told.findLast(({ atMs }) => atMs < time + stepMs)?.value ?? null,
        ),
        total: peak,
      },
    ],
    states: [statesOf(episode, toMs)],
    markers: markersOf(episode, fromMs),
  };
}

const endOf = ({ closed_at }: EpisodeDetail, everyMs: number, nowMs: number) =>
  closed_at === null ? nowMs : Date.parse(closed_at) + TICKS_AFTER * everyMs;

function markersOf({ opened_at, closed_at, window }: EpisodeDetail, fromMs: number): Marker[] {
  const named = [
    [window.from, "window"],
    [opened_at, "opened"],
    [closed_at, "closed"],
  ] as const;
  return named.flatMap(([at, label]) =>
    at === null || Date.parse(at) < fromMs ? [] : [{ atMs: Date.parse(at), name: null, label }],
  );
}

/** From one transition to the next. */
function statesOf({ transitions, closed_at }: EpisodeDetail, toMs: number): StateRun[] {
  const endMs = closed_at === null ? toMs : Date.parse(closed_at);
  return transitions.map(({ at, to }, index) => {
    const next = transitions[index + 1];
    return { state: to, fromMs: Date.parse(at), toMs: next ? Date.parse(next.at) : endMs };
  });
}
