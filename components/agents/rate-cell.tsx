import { IntervalBar } from "@/components/charts/interval-bar";
import { ratePoint } from "@/components/failures/rates";
import { cx } from "@/components/ui/cx";
import type { AgentFigures } from "@/lib/agents/schema";
import { formatCount, formatPercent } from "@/lib/format";

type RateCellProps = { row: Pick<AgentFigures, "failed" | "decided">; max: number };

/** A failure rate within its interval, never without what it is a rate of. */
export function RateCell({ row, max }: RateCellProps) {
  const point = ratePoint(row.failed, row.decided);
  if (point.rate === null) return <span className="text-ink-3">–</span>;
  return (
    <span
      className="inline-flex items-center justify-end gap-2"
      title={`95 % interval ${formatPercent(point.low)} – ${formatPercent(point.high)}`}
    >
      <span className="max-lg:hidden">
        <IntervalBar point={point} max={max} />
      </span>
      <span className={cx("lg:w-13", row.failed > 0 && "text-fail")}>
        {formatPercent(point.rate)}
      </span>
      <span className="text-left text-sm text-ink-3 lg:w-16">
        {formatCount(row.failed)}/{formatCount(row.decided)}
      </span>
    </span>
  );
}

/** Where the scale of a column of rates ends: every rate has room. */
export const rateScale = (rows: readonly RateCellProps["row"][]): number =>
  1.25 *
  rows.reduce(
    (top, { failed, decided }) => Math.max(top, decided === 0 ? 0 : failed / decided),
    0.1,
  );
