import { areaPath, edgePath, UNITS, xOf, yOf } from "@/components/charts/scale";
import { type Layer, stackSeries, type TimeSeries } from "@/lib/series";

type PlotProps = { data: TimeSeries; kind: "bars" | "area"; max: number; ticks: readonly number[] };

/** The shapes of a stacked chart. Thin lines of the surface keep neighbours apart without colour. */
export function Plot({ data, kind, max, ticks }: PlotProps) {
  const stacks = stackSeries(data.series);
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${UNITS} ${UNITS}`}
      preserveAspectRatio="none"
      className="absolute inset-0 h-full w-full"
    >
      {ticks.map((tick) => (
        <line
          key={tick}
          x1="0"
          x2={UNITS}
          y1={yOf(tick, max)}
          y2={yOf(tick, max)}
          stroke={tick === 0 ? "var(--line-strong)" : "var(--line)"}
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {data.series.map((series, index) => {
        const layers = stacks[index] ?? [];
        return kind === "bars" ? (
          <Bars key={series.key} layers={layers} data={data} max={max} color={series.color} />
        ) : (
          <g key={series.key}>
            <path d={areaPath(layers, data, max)} fill={series.color} fillOpacity="0.75" />
            <path
              d={edgePath(layers, data, max)}
              fill="none"
              stroke="var(--surface)"
              strokeWidth="1"
              vectorEffect="non-scaling-stroke"
            />
          </g>
        );
      })}
    </svg>
  );
}

function Bars({
  layers,
  data,
  max,
  color,
}: {
  layers: readonly Layer[];
  data: TimeSeries;
  max: number;
  color: string;
}) {
  return (
    <g fill={color} stroke="var(--surface)" strokeWidth="1">
      {layers.map((layer, index) => {
        const start = data.times[index] ?? 0;
        if (layer.top <= layer.base) return null;
        const x1 = Math.max(0, xOf(start, data));
        const x2 = Math.min(UNITS, xOf(start + data.stepMs, data));
        const y = yOf(layer.top, max);
        return (
          <rect
            key={start}
            x={x1}
            width={Math.max(0, x2 - x1)}
            y={y}
            height={yOf(layer.base, max) - y}
            vectorEffect="non-scaling-stroke"
          />
        );
      })}
    </g>
  );
}
