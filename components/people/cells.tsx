import type { ReactNode } from "react";
import { cx } from "@/components/ui/cx";

/** A cell of the tables of people, browsers and keys. */
export const CELL = "border-b px-3 py-2 align-top group-last/row:border-b-0";
/** A column that a phone has no room for. */
export const WIDE = "max-md:hidden";

export function Head({ children, wide }: { children: ReactNode; wide?: boolean }) {
  return (
    <th
      scope="col"
      className={cx(
        "h-8 border-b px-3 text-left text-sm font-normal whitespace-nowrap text-ink-3",
        wide && WIDE,
      )}
    >
      {children}
    </th>
  );
}
