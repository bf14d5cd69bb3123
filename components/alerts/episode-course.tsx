"use client";
import { levelsOf, STATE_LOOKS } from "@/components/alerts/backtest-series";
import { labelLine, unitOf } from "@/components/alerts/words";
import { LevelChart } from "@/components/charts/level-chart";
import { Panel } from "@/components/shell/panel";
import { useScope } from "@/components/shell/scope";
import type { EpisodeDetail } from "@/lib/alerts/episode-schema";
import { formatInstant } from "@/lib/format";
import { figureText } from "@/lib/metrics/figure";
import type { LevelSeries, StateRun } from "@/lib/series";

/** The value tick by tick, against the bounds it was judged by. */
export function EpisodeCourse({ episode }: { episode: EpisodeDetail }) {
  const { tz } = useScope();
  const data = courseOf(episode, tz);
  if (!data) return null;
  return (
    <Panel title="Course" hint="tick by tick">
      <LevelChart
        data={data}
        states={STATE_LOOKS}
        label="The value over time"
        tz={tz}
        format={(value) => figureText(value, unitOf(episode.unit))}
      />
    </Panel>
  );
}

function courseOf(episode: EpisodeDetail, tz: string): LevelSeries | null {
  const times = episode.course.map(([at]) => Date.parse(at));
  const [fromMs, second] = times;
  const lastMs = times.at(-1);
  if (fromMs === undefined || second === undefined || lastMs === undefined) return null;
  const stepMs = second - fromMs;
  const toMs = lastMs + stepMs;
  const { labels, names, opened_at, closed_at, window } = episode;
  const marker = (at: string, label: string) => ({ atMs: Date.parse(at), name: null, label });
  return {
    ...{ fromMs, toMs, stepMs, times },
    series: [
      {
        ...{ key: "value", label: labelLine(labels, names) || "Value", color: "var(--accent)" },
        values: episode.course.map(([, value]) => value),
        total: episode.peak,
      },
    ],
    levels: episode.rule ? levelsOf(episode.rule) : [],
    states: [statesOf(episode, toMs)],
    markers: [
      marker(opened_at, `opened ${formatInstant(Date.parse(opened_at), tz, "minute")}`),
      ...(closed_at === null ? [] : [marker(closed_at, "closed")]),
      ...(Date.parse(window.from) > fromMs ? [marker(window.from, "window")] : []),
    ],
  };
}

/** From one transition to the next. */
function statesOf({ transitions, closed_at }: EpisodeDetail, toMs: number): StateRun[] {
  const endMs = closed_at === null ? toMs : Date.parse(closed_at);
  return transitions.map(({ at, to }, index) => {
    const next = transitions[index + 1];
    return { state: to, fromMs: Date.parse(at), toMs: next ? Date.parse(next.at) : endMs };
  });
}
