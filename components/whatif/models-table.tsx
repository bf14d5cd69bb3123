import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { formatChange, formatCompact, formatNanos } from "@/lib/format";
import type { WhatIf } from "@/lib/whatif/schema";

const CELL = "h-8 px-3 py-1 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;

/** What each model's tokens did cost, and would have. */
export function ModelsTable({ models }: Pick<WhatIf, "models">) {
  return (
    <div {...SCROLLABLE} className="overflow-x-auto">
      <table className="w-full border-t">
        <caption className="sr-only">Tokens by model, as they were and under other terms</caption>
        <thead>
          <tr className="border-b text-sm text-ink-3">
            <th scope="col" className={cx(CELL, "text-left font-normal")}>
              Model
            </th>
            {["Tokens", "Did cost", "Would have", "Change"].map((name) => (
              <th
                key={name}
                scope="col"
                className={cx(FIGURE, "font-normal", name === "Tokens" && "max-sm:hidden")}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map((row) => (
            <tr key={row.model} className="border-b last:border-b-0">
              <th scope="row" className={cx(CELL, "w-full text-left font-normal")}>
                {row.model || "no model"}
                {row.instead === row.model ? null : (
                  <span className="block text-sm text-ink-3">as {row.instead}</span>
                )}
              </th>
              <td className={cx(FIGURE, "max-sm:hidden")}>{formatCompact(row.tokens)}</td>
              <td className={FIGURE}>{formatNanos(row.before_nanos)}</td>
              <td className={FIGURE}>
                {row.unpriced_tokens > 0 ? "no price" : formatNanos(row.after_nanos)}
              </td>
              <td className={FIGURE}>
                {row.unpriced_tokens > 0
                  ? "–"
                  : (formatChange(row.after_nanos, row.before_nanos) ?? "–")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
