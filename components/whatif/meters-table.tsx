import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { formatChange, formatCompact, formatNanos } from "@/lib/format";
import type { Meters } from "@/lib/whatif/schema";

const CELL = "h-8 px-3 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;
const ROWS = [
  ["tokens_nanos", "Tokens"],
  ["runtime_nanos", "Runtime"],
  ["web_search_nanos", "Web searches"],
  ["total_nanos", "Sum"],
] as const;

export type Column = { name: string; meters: Meters };

/** Costs by meter, side by side; with `compare`, how the last column differs from the first. */
export function MetersTable({
  label,
  columns,
  compare = false,
}: {
  label: string;
  columns: readonly Column[];
  compare?: boolean;
}) {
  const [first, last] = [columns[0]?.meters, columns.at(-1)?.meters];
  const unpriced = columns.find(({ meters }) => meters.unpriced_tokens > 0)?.meters.unpriced_tokens;
  return (
    <>
      <div {...SCROLLABLE} className="overflow-x-auto">
        <table className="w-full border-t">
          <caption className="sr-only">{label}</caption>
          <thead>
            <tr className="border-b text-sm text-ink-3">
              <th scope="col" className={cx(CELL, "text-left font-normal")}>
                Meter
              </th>
              {columns.map(({ name }) => (
                <th key={name} scope="col" className={cx(FIGURE, "font-normal")}>
                  {name}
                </th>
              ))}
              {compare ? (
                <th scope="col" className={cx(FIGURE, "font-normal")}>
                  Change
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {ROWS.map(([key, name]) => (
              <tr
                key={key}
                className={cx("border-b last:border-b-0", key === "total_nanos" && "font-medium")}
              >
                <th
                  scope="row"
                  className={cx(CELL, "w-full text-left", key !== "total_nanos" && "font-normal")}
                >
                  {name}
                </th>
                {columns.map(({ name: column, meters }) => (
                  <td key={column} className={FIGURE}>
                    {formatNanos(meters[key])}
                  </td>
                ))}
                {compare ? (
                  <td className={FIGURE}>
                    {(first && last && formatChange(last[key], first[key])) ?? "–"}
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {unpriced ? (
        <p className="border-t px-3 py-2 text-sm text-ink-2">
          {formatCompact(unpriced)} tokens have no price, and are in no figure.
        </p>
      ) : null}
    </>
  );
}
