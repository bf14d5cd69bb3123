import type { ReactNode } from "react";
import { cx } from "@/components/ui/cx";

/** Names and values in two columns. Rows whose value is null are left out. */
export function Facts({
  rows,
  className,
}: {
  rows: readonly (readonly [string, ReactNode])[];
  className?: string;
}) {
  return (
    <dl
      className={cx("grid grid-cols-[fit-content(50%)_minmax(0,1fr)] gap-x-4 gap-y-1", className)}
    >
      {rows.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className="contents">
            <dt className="min-w-27 text-ink-3 wrap-anywhere">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
