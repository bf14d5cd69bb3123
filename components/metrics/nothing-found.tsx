"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { isAllTime } from "@/components/metrics/asked";
import type { FilterSetter } from "@/components/sessions/filter-menu";
import { useHref, useScope } from "@/components/shell/scope";
import { Button, buttonClass } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

type NothingFoundProps = {
  filters: URLSearchParams;
  set: FilterSetter;
  /** What to say with filters, and without. */
  what: { filtered: string; unfiltered: string };
  children: ReactNode;
};

/** No figures at all: because of filters, of the range, or because nothing was ever sent. */
export function NothingFound({ filters, set, what, children }: NothingFoundProps) {
  const { scope, setScope } = useScope();
  const href = useHref();
  const names = [...filters.keys()];
  const actions: ReactNode[] = [];
  if (names.length > 0)
    actions.push(
      <Button
        key="clear"
        variant="primary"
        onClick={() => set(Object.fromEntries(names.map((name) => [name, null])))}
      >
        Clear filters
      </Button>,
    );
  if (!isAllTime(scope))
    actions.push(
      <Button key="all" onClick={() => setScope({ range: { kind: "preset", preset: "all" } })}>
        Show all time
      </Button>,
    );
  if (names.length === 0)
    actions.push(
      <Link key="import" href={href("/import")} className={buttonClass("default")}>
        Send or import data
      </Link>,
    );
  return (
    <div className="flex min-h-96 items-center justify-center rounded-lg border bg-surface">
      <Empty title={names.length > 0 ? what.filtered : what.unfiltered} action={actions}>
        {children}
      </Empty>
    </div>
  );
}
