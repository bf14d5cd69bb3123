"use client";
import dynamic from "next/dynamic";
import { ChartTip } from "@/components/charts/chart-tip";
import { ChartViews } from "@/components/charts/chart-views";
import { UNITS, xOf, yOf } from "@/components/charts/scale";
import { SeriesTable } from "@/components/charts/series-table";
import { TimeFrame } from "@/components/charts/time-frame";
import { cx } from "@/components/ui/cx";
import { TONE_TEXT, type Tone } from "@/components/ui/mark";
import { type Level, type LevelSeries, levelTicks, type StateRun } from "@/lib/series";

const Plot = dynamic(() => import("@/components/charts/plot"), { ssr: false });

/** How states are shaded and called, the worst first; what is not named is not shaded. */
export type StateLooks = readonly { state: string; word: string; tone: Tone }[];

type LevelChartProps = {
  data: LevelSeries;
  states: StateLooks;
  label: string;
  tz: string;
  format: (value: number) => string;
  onPick?: (fromMs: number, toMs: number) => void;
};

/** Values against the bounds they are judged by, with what they were held to be below. */
export function LevelChart(props: LevelChartProps) {
  const { data, states, label, tz, format } = props;
  const seen = states.filter(({ state }) =>
    data.states.some((runs) => runs.some((run) => run.state === state)),
  );
  return (
    <ChartViews
      label={label}
      height="h-56"
      legend={
        <>
          {data.series.map(({ key, label: name, color }) => (
            <li key={key} className="inline-flex min-h-6 min-w-0 items-center gap-1.5">
              <span className="size-2 shrink-0 rounded-sm" style={{ background: color }} />
              <span className="truncate">{name}</span>
            </li>
          ))}
          {seen.map(({ state, word, tone }) => (
            <li key={state} className="inline-flex min-h-6 items-center gap-1.5">
              <span className={cx("h-2 w-4 shrink-0 rounded-sm", SHADES[tone])} />
              {word}
            </li>
          ))}
        </>
      }
      chart={<Chart {...props} />}
      table={<SeriesTable data={data} label={label} tz={tz} format={format} />}
    />
  );
}

const SHADES: Record<Tone, string> = {
  ok: "bg-ok",
  fail: "bg-fail",
  wait: "bg-wait",
  run: "bg-run",
  stop: "bg-stop",
  budget: "bg-budget",
  quiet: "bg-line-strong",
};

/** The height of one series' lane of states, and the gap above them all. */
const LANE_PX = 6;
const GAP_PX = 6;

function Chart({ data, states, label, tz, format, onPick }: LevelChartProps) {
  const known = data.series.flatMap(({ values }) => values.filter((value) => value !== null));
  const ticks = levelTicks([...known, ...data.levels.map(({ value }) => value)], 4);
  const [min, max] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const lanes = data.states.length * LANE_PX + GAP_PX;
  const top = (value: number) => yOf(value, max, min) / UNITS;
  const above = `calc(100% - ${lanes}px)`;
  return (
    <TimeFrame
      data={data}
      label={label}
      tz={tz}
      onPick={onPick}
      axis={ticks.map((tick) => (
        <span
          key={tick}
          className="absolute right-0 -translate-y-1/2 whitespace-nowrap"
          style={{ top: `calc(${above} * ${top(tick)})` }}
        >
          {format(tick)}
        </span>
      ))}
      tip={(index) => <ChartTip data={data} index={index} tz={tz} format={format} summed={false} />}
    >
      <div className="absolute inset-x-0 top-0" style={{ height: above }}>
        <Shades data={data} states={states} />
        <Plot data={data} kind="lines" min={min} max={max} ticks={ticks} />
        {data.levels.map((level) => (
          <LevelLine key={level.label} level={level} top={top(level.value)} format={format} />
        ))}
      </div>
      <div className="absolute inset-x-0 bottom-0 flex flex-col" aria-hidden>
        {data.states.map((runs, at) => (
          <Lane key={data.series[at]?.key ?? at} runs={runs} data={data} states={states} />
        ))}
      </div>
    </TimeFrame>
  );
}

const DASHES = { fail: "border-fail", wait: "border-wait", ok: "border-ok" } as const;

function LevelLine({
  level,
  top,
  format,
}: {
  level: Level;
  top: number;
  format: (value: number) => string;
}) {
  return (
    <div
      className={cx(
        "pointer-events-none absolute inset-x-0 border-t border-dashed",
        DASHES[level.tone],
      )}
      style={{ top: `${top * 100}%` }}
    >
      <span
        className={cx(
          "absolute right-0 bg-surface px-1 text-xs whitespace-nowrap",
          top < 0.12 ? "top-0.5" : "bottom-0.5",
          TONE_TEXT[level.tone],
        )}
      >
        {level.label} {format(level.value)}
      </span>
    </div>
  );
}

const shareOf = (run: StateRun, data: LevelSeries) => {
  const [left = 0, right = 0] = [run.fromMs, run.toMs].map((at) =>
    Math.min(100, Math.max(0, xOf(at, data) / 10)),
  );
  return { left: `${left}%`, width: `max(1px, ${right - left}%)` };
};

/** What anything that is drawn was held to be, over the whole height. */
function Shades({ data, states }: Pick<LevelChartProps, "data" | "states">) {
  const worst = states.find(({ tone }) => tone === "fail");
  const runs = data.states.flat().filter(({ state }) => state === worst?.state);
  return runs.map((run) => (
    <span
      key={`${run.fromMs} ${run.toMs}`}
      className="pointer-events-none absolute inset-y-0 bg-fail-soft"
      style={shareOf(run, data)}
    />
  ));
}

function Lane({
  runs,
  data,
  states,
}: { runs: readonly StateRun[] } & Pick<LevelChartProps, "data" | "states">) {
  return (
    <div className="relative w-full bg-sunken" style={{ height: LANE_PX }}>
      {runs.map((run) => {
        const look = states.find(({ state }) => state === run.state);
        return look ? (
          <span
            key={`${run.fromMs} ${run.state}`}
            title={look.word}
            className={cx("absolute inset-y-px", SHADES[look.tone])}
            style={shareOf(run, data)}
          />
        ) : null;
      })}
    </div>
  );
}
