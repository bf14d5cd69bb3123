import type { ReactNode } from "react";
import { cx } from "@/components/ui/cx";

/** A cell of a table whose rows are things that people set up; a row is a `group/row`. */
export const CELL = "border-b px-3 py-2 align-top group-last/row:border-b-0";
/** One that holds a figure. */
export const FIGURE = `${CELL} text-right whitespace-nowrap`;
/** A column that a phone has no room for. */
export const WIDE = "max-md:hidden";

type HeadProps = { children: ReactNode; right?: boolean; wide?: boolean };

/** The head of a column; `right` where it holds figures. */
export function Head({ children, right, wide }: HeadProps) {
  return (
    <th
      scope="col"
      className={cx(
        "h-8 border-b px-3 text-sm font-normal whitespace-nowrap text-ink-3",
        right ? "text-right" : "text-left",
        wide && WIDE,
      )}
    >
      {children}
    </th>
  );
}
