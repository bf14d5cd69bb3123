import { cx } from "@/components/ui/cx";

type SparklineProps = { values: readonly (number | null)[]; label: string; className?: string };

/** The course of one figure, without axes: its shape only. Gaps stay gaps. */
export function Sparkline({ values, label, className }: SparklineProps) {
  const max = values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0) || 1;
  const x = (index: number) => (values.length < 2 ? 0 : (index / (values.length - 1)) * 100);
  const y = (value: number) => 30 - (value / max) * 28;
  const runs = runsOf(values);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="0 0 100 32"
      preserveAspectRatio="none"
      className={cx("block h-8 w-full overflow-visible", className)}
    >
      {runs.map((run) => {
        const line = run.map(({ index, value }) => `${x(index)},${y(value)}`);
        const [first, last] = [run[0], run.at(-1)];
        if (!first || !last) return null;
        return (
          <g key={first.index}>
            <polygon
              points={`${x(first.index)},30 ${line.join(" ")} ${x(last.index)},30`}
              fill="var(--ink-3)"
              fillOpacity="0.12"
            />
            <polyline
              points={
                run.length === 1
                  ? `${line[0]} ${x(first.index) + 0.5},${y(first.value)}`
                  : line.join(" ")
              }
              fill="none"
              stroke="var(--ink-2)"
              strokeWidth="1.25"
              strokeLinejoin="round"
              vectorEffect="non-scaling-stroke"
            />
          </g>
        );
      })}
    </svg>
  );
}

function runsOf(values: readonly (number | null)[]): { index: number; value: number }[][] {
  const runs: { index: number; value: number }[][] = [];
  let run: { index: number; value: number }[] = [];
  values.forEach((value, index) => {
    if (value !== null) run.push({ index, value });
    if ((value === null || index === values.length - 1) && run.length > 0) {
      runs.push(run);
      run = [];
    }
  });
  return runs;
}
