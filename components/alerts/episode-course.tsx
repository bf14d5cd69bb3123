"use client";
import { STATE_LOOKS } from "@/components/alerts/backtest-series";
import { episodeSeries } from "@/components/alerts/episode-series";
import { unitOf } from "@/components/alerts/words";
import { LevelChart } from "@/components/charts/level-chart";
import { useNow } from "@/components/shell/display";
import { Panel } from "@/components/shell/panel";
import { useScope } from "@/components/shell/scope";
import type { EpisodeDetail } from "@/lib/alerts/episode-schema";
import { figureText } from "@/lib/metrics/figure";

const STEP_MS = 30_000;

/** The value tick by tick, against the bounds it was judged by. */
export function EpisodeCourse({ episode }: { episode: EpisodeDetail }) {
  const { tz } = useScope();
  const data = episodeSeries(episode, useNow(STEP_MS));
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
