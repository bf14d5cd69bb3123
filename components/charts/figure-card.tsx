"use client";
import Link from "next/link";
import { Sparkline } from "@/components/charts/sparkline";
import { Tag } from "@/components/ui/tag";
import type { Comparison } from "@/lib/time/range";

const AGAINST: Record<Comparison, string> = {
  previous: "previous",
  day: "day before",
  week: "week before",
  none: "",
};

export type FigureCardProps = {
  label: string;
  value: string;
  note?: string;
  change: string | null;
  compare: Comparison;
  points: readonly (number | null)[];
  href: string;
  mark?: string;
};

/** One figure: value, change, course; all of it leads to the sessions behind it. */
export function FigureCard({
  label,
  value,
  note,
  change,
  compare,
  points,
  href,
  mark,
}: FigureCardProps) {
  return (
    <Link
      href={href}
      className="group flex min-w-0 flex-col gap-1 rounded-lg border bg-surface p-3 hover:border-line-strong"
    >
      <span className="flex items-center gap-2 text-ink-2">
        <span className="truncate">{label}</span>
        {mark ? <Tag tone="wait">{mark}</Tag> : null}
      </span>
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-2xl font-semibold tracking-tight">{value}</span>
        {note ? <span className="text-sm text-ink-3">{note}</span> : null}
      </span>
      <Sparkline values={points} label={`${label} over the range`} />
      <span className="h-4 truncate text-sm text-ink-3">
        {compare === "none" ? (
          ""
        ) : change === null ? (
          "nothing before to compare with"
        ) : (
          <>
            <span className="text-ink-2">{change}</span> vs {AGAINST[compare]}
          </>
        )}
      </span>
    </Link>
  );
}
