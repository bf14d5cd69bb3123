"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { listWords, moneyWords, signedNanos, signedRatio } from "@/components/costs/words";
import { useHref } from "@/components/shell/scope";
import type { Reconcile } from "@/lib/costs/reconcile-schema";
import { formatCount, formatPercent, formatPlural } from "@/lib/format";

type FigureProps = { label: string; value: string; children: ReactNode; href: string };

/** One figure; all of it leads to the sessions behind it. */
function Figure({ label, value, children, href }: FigureProps) {
  return (
    <Link
      href={href}
      className="flex min-w-0 flex-col gap-1 rounded-lg border bg-surface p-3 hover:border-line-strong"
    >
      <span className="truncate text-ink-2">{label}</span>
      <span className="text-2xl font-semibold tracking-tight">{value}</span>
      <span className="text-sm text-ink-3">{children}</span>
    </Link>
  );
}

/** Ours, theirs, the difference, and how many sessions are close. */
export function ReconcileFigures({ totals }: { totals: Reconcile["totals"] }) {
  const href = useHref();
  const { sessions, within_cent, within_percent } = totals;
  const share = (part: number) => formatPercent(sessions === 0 ? null : part / sessions);
  const settled = { by: "settled" };
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Figure
        label="Computed cost"
        value={moneyWords(totals.computed_nanos)}
        href={href("/sessions", { ...settled, sort: "cost" })}
      >
        of {formatPlural(sessions, "settled session")} with a list cost
      </Figure>
      <Figure
        label="List cost"
        value={listWords(totals.list_nanos)}
        href={href("/sessions", { ...settled, sort: "cost" })}
      >
        the platform's, before discounts, in whole cents
      </Figure>
      <Figure
        label="Drift"
        value={signedNanos(totals.drift_nanos)}
        href={`${href("/costs/reconcile")}#worst`}
      >
        {signedRatio(totals.drift_ratio)} of the list cost;{" "}
        {moneyWords(totals.drift_absolute_nanos)} without signs
      </Figure>
      <Figure
        label="Within 1 cent"
        value={share(within_cent)}
        href={`${href("/costs/reconcile")}#worst`}
      >
        {formatCount(within_cent)} of {formatCount(sessions)}; within 1 %: {share(within_percent)},
        which rounding alone exceeds below $0.50
      </Figure>
    </div>
  );
}
