"use client";
import { Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { BurnBar } from "@/components/budgets/burn-bar";
import { PERIOD_WORDS, scopeWords, stateWords } from "@/components/budgets/words";
import { useHref } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { IconButton } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import type { BudgetItem } from "@/lib/budgets/schema";
import { formatNanos, formatPercent, plain } from "@/lib/format";

type BudgetRowProps = {
  budget: BudgetItem;
  nameOf: (facet: string, value: string) => string;
  onEdit: () => void;
  onDelete: () => void;
};

/** One budget: how much of it is spent, and whether it lasts. */
export function BudgetRow({ budget, nameOf, onEdit, onDelete }: BudgetRowProps) {
  const href = useHref();
  const { name, scope, value, period, tz, amount_nanos: amount, course } = budget;
  const { shape, tone, text } = stateWords(budget);
  const sessions = href("/sessions", {
    ...{ sort: "cost", range: null, from: course.from, to: course.to },
    ...(value === null ? {} : { [scope]: value }),
  });
  return (
    <li className="flex flex-col gap-1 border-t px-3 py-2">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <Link href={sessions} className="font-medium wrap-anywhere hover:underline">
            {plain(name)}
          </Link>
          <p className="text-sm wrap-anywhere text-ink-3">
            {scopeWords(budget, nameOf)}, {PERIOD_WORDS[period]} in {tz}
          </p>
        </div>
        <p className="text-right whitespace-nowrap">
          {formatNanos(course.spent_nanos)} <span className="text-ink-3">of</span>{" "}
          {formatNanos(amount)}
          <span className="block text-sm text-ink-3">
            {formatPercent(course.spent_nanos / amount)}
          </span>
        </p>
        <Needs scope="write">
          <div className="flex shrink-0">
            <IconButton label={`Edit ${name}`} onClick={onEdit}>
              <Pencil size={14} aria-hidden />
            </IconButton>
            <IconButton label={`Delete ${name}`} onClick={onDelete}>
              <Trash2 size={14} aria-hidden />
            </IconButton>
          </div>
        </Needs>
      </div>
      <BurnBar budget={budget} />
      <p className="text-sm text-ink-2">
        <Mark shape={shape} tone={tone} word={text} />
      </p>
    </li>
  );
}
