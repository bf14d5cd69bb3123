import { burnOf } from "@/components/budgets/words";
import { cx } from "@/components/ui/cx";
import type { BudgetItem } from "@/lib/budgets/schema";

const percent = (share: number) => `${share * 100}%`;

/** Spent, expected and possible, on the scale of the amount, where the bar has a line. */
export function BurnBar({ budget }: { budget: BudgetItem }) {
  const { spent, expected, high, amount } = burnOf(budget);
  const isOver = budget.state === "over";
  return (
    <span aria-hidden className="relative block h-3 w-full overflow-hidden rounded-sm bg-sunken">
      <span
        className="absolute inset-y-0 left-0 bg-accent opacity-15"
        style={{ width: percent(high) }}
      />
      <span
        className="absolute inset-y-0 left-0 bg-accent opacity-30"
        style={{ width: percent(expected) }}
      />
      <span
        className={cx("absolute inset-y-0 left-0", isOver ? "bg-fail" : "bg-accent")}
        style={{ width: percent(spent) }}
      />
      {amount < 1 ? (
        <span
          className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-ink"
          style={{ left: percent(amount) }}
        />
      ) : null}
    </span>
  );
}
