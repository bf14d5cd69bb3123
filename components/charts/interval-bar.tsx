import type { RatePoint } from "@/lib/series";

type IntervalBarProps = { point: RatePoint; max: number };

/** A rate as a mark on the band it surely lies in; `max` is where the scale ends. */
export function IntervalBar({ point: { rate, low, high }, max }: IntervalBarProps) {
  if (rate === null || low === null || high === null) return null;
  const x = (value: number) => `${Math.min(1, value / max) * 100}%`;
  return (
    <span aria-hidden className="relative inline-block h-2 w-24 rounded-sm bg-sunken">
      <span
        className="absolute inset-y-0 rounded-sm bg-fail opacity-25"
        style={{ left: x(low), right: `calc(100% - ${x(high)})` }}
      />
      <span
        className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-fail"
        style={{ left: x(rate) }}
      />
    </span>
  );
}
