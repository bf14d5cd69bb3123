import type { ReactNode } from "react";
import { Ago } from "@/components/shell/time";
import { Tag } from "@/components/ui/tag";
import type { Use } from "@/lib/fleet/schema";
import type { FleetSort } from "@/lib/fleet/words";
import { formatCount, formatNanos, formatPercent } from "@/lib/format";

export type Column<Row> = {
  id: string;
  label: string;
  /** Pixels. */
  width: number;
  right?: true;
  sort?: FleetSort;
  cell: (row: Row) => ReactNode;
};

export const NONE = <span className="text-ink-3">–</span>;

export const count = (value: number) =>
  value === 0 ? <span className="text-ink-3">0</span> : formatCount(value);

/** "31 % 9/29"; without settled sessions there is no rate. */
export function Failed({ row }: { row: Use }) {
  if (row.settled === 0) return NONE;
  return (
    <span className={row.failed > 0 ? "text-fail" : undefined}>
      {formatPercent(row.failed / row.settled)}{" "}
      <span className="text-sm text-ink-3">
        {formatCount(row.failed)}/{formatCount(row.settled)}
      </span>
    </span>
  );
}

/** What could not be priced is said, never counted as nothing. */
export function Cost({ row }: { row: Use }) {
  if (row.sessions === 0) return NONE;
  if (row.unpriced_tokens === 0) return formatNanos(row.cost_nanos);
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <Tag
        tone="wait"
        title={`${formatCount(row.unpriced_tokens)} tokens have no price`}
        className="min-w-0"
      >
        unpriced
      </Tag>
      {row.cost_nanos > 0 ? <span>{formatNanos(row.cost_nanos)}</span> : null}
    </span>
  );
}

export const perSession = (row: Use) =>
  row.sessions === 0 ? NONE : formatNanos(Math.round(row.cost_nanos / row.sessions));

/** The figures that rows of all kinds end with. */
export const LAST_USED: Column<Use> = {
  id: "last_used_at",
  label: "Last used",
  width: 92,
  right: true,
  sort: "last_used_at",
  cell: (row) => <Ago at={row.last_used_at} />,
};
export const SESSIONS: Column<Use> = {
  id: "sessions",
  label: "Sessions",
  width: 84,
  right: true,
  sort: "sessions",
  cell: (row) => count(row.sessions),
};
export const FAILED: Column<Use> = {
  id: "failed",
  label: "Failed",
  width: 116,
  right: true,
  sort: "failed",
  cell: (row) => <Failed row={row} />,
};
export const COST: Column<Use> = {
  id: "cost",
  label: "Cost",
  width: 96,
  right: true,
  sort: "cost",
  cell: (row) => <Cost row={row} />,
};
export const PER_SESSION: Column<Use> = {
  id: "cost_per_session",
  label: "Per session",
  width: 100,
  right: true,
  sort: "cost_per_session",
  cell: perSession,
};
