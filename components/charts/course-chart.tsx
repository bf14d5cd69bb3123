"use client";
import dynamic from "next/dynamic";
import { ChartViews } from "@/components/charts/chart-views";
import { UNITS, yOf } from "@/components/charts/scale";
import { TimeFrame } from "@/components/charts/time-frame";
import { TipBox } from "@/components/charts/tip-box";
import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { formatInstant } from "@/lib/format";
import { type CourseSeries, niceTicks } from "@/lib/series";

const CoursePlot = dynamic(() => import("@/components/charts/course-plot"), { ssr: false });

/** What the parts are called: "spent so far", "expected", "80 % interval". */
export type CourseWords = { known: string; expected: string; interval: string };

type CourseChartProps = {
  data: CourseSeries;
  words: CourseWords;
  label: string;
  tz: string;
  format: (value: number) => string;
};

/** A sum that grows bucket by bucket, and how it will go on; one press away the same as a table. */
export function CourseChart(props: CourseChartProps) {
  const { label, words } = props;
  return (
    <ChartViews
      label={label}
      height="h-44"
      legend={
        <>
          <Key className="h-0.5 bg-accent" words={words.known} />
          <Key className="h-0 border-t-2 border-dashed border-accent" words={words.expected} />
          <Key className="h-2 bg-accent opacity-25" words={words.interval} />
        </>
      }
      chart={<Chart {...props} />}
      table={<CourseTable {...props} />}
    />
  );
}

function Key({ className, words }: { className: string; words: string }) {
  return (
    <li className="inline-flex min-h-6 items-center gap-1.5">
      <span aria-hidden className={cx("w-4 shrink-0", className)} />
      {words}
    </li>
  );
}

function Chart({ data, words, label, tz, format }: CourseChartProps) {
  const most = Math.max(
    ...data.known.map((value) => value ?? 0),
    ...data.outlook.map((value) => value?.high ?? 0),
  );
  const ticks = niceTicks(most, 4, false);
  const max = ticks.at(-1) ?? 1;
  return (
    <TimeFrame
      data={data}
      label={label}
      tz={tz}
      axis={ticks.map((tick) => (
        <span
          key={tick}
          className="absolute right-0 -translate-y-1/2 whitespace-nowrap"
          style={{ top: `${(yOf(tick, max) / UNITS) * 100}%` }}
        >
          {format(tick)}
        </span>
      ))}
      tip={(index) => (
        <TipBox data={data} index={index} tz={tz}>
          {rowsOf(data, words, index, format).map(([name, value]) => (
            <p key={name} className="flex justify-between gap-2">
              <span className="text-ink-2">{name}</span>
              <span>{value}</span>
            </p>
          ))}
        </TipBox>
      )}
    >
      <CoursePlot data={data} max={max} ticks={ticks} />
    </TimeFrame>
  );
}

function rowsOf(
  { known, outlook }: CourseSeries,
  words: CourseWords,
  index: number,
  format: (value: number) => string,
): [name: string, value: string][] {
  const sum = known[index] ?? null;
  const ahead = outlook[index] ?? null;
  return [
    ...(sum === null ? [] : ([[words.known, format(sum)]] as [string, string][])),
    ...(ahead === null
      ? []
      : ([
          [words.expected, format(ahead.expected)],
          [words.interval, `${format(ahead.low)} – ${format(ahead.high)}`],
        ] as [string, string][])),
  ];
}

const CELL = "h-6 px-2 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;

function CourseTable({ data, words, label, tz, format }: CourseChartProps) {
  const names = [words.known, words.expected, words.interval];
  return (
    <div {...SCROLLABLE} className="h-full overflow-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">{label}</caption>
        <thead className="sticky top-0 bg-surface">
          <tr className="border-b text-ink-3">
            <th scope="col" className={cx(CELL, "text-left font-normal")}>
              By the end of
            </th>
            {names.map((name) => (
              <th key={name} scope="col" className={cx(FIGURE, "font-normal")}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.times.map((start, index) => {
            const values = new Map(rowsOf(data, words, index, format));
            return (
              <tr key={start} className="border-b last:border-b-0">
                <th scope="row" className={cx(CELL, "text-left font-normal")}>
                  {formatInstant(start, tz, "day")}
                </th>
                {names.map((name) => (
                  <td key={name} className={FIGURE}>
                    {values.get(name) ?? "–"}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
