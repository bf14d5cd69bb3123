"use client";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { MoreButton } from "@/components/shell/more-button";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { Button, buttonClass } from "@/components/ui/button";
import { CELL, Head, WIDE } from "@/components/ui/cells";
import { cx } from "@/components/ui/cx";
import { Tag } from "@/components/ui/tag";
import type { BreakGlassItem } from "@/lib/auth/break-glass-schema";
import { breakGlasses, endBreakGlass } from "@/lib/auth/queries";

/** Who has opened content that their role does not see, open ones among them. */
export function BreakGlassPanel() {
  const query = useInfiniteQuery(breakGlasses());
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: endBreakGlass,
    onSettled: () => client.invalidateQueries({ queryKey: ["auth"] }),
  });
  const items = query.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <Panel title="Opened content" hint="by people whose role does not see it" flush>
      {end.error ? (
        <p role="alert" className="px-3 pb-2 text-fail">
          {errorWords(end.error)}
        </p>
      ) : null}
      <QueryState
        query={query}
        what="Who opened content"
        height="min-h-24"
        empty={{
          when: () => items.length === 0,
          title: "Nobody has opened content",
          children:
            "Who has the role Cost only, and may, opens it with a reason and for a time. It stands here then.",
        }}
      >
        {() => (
          <table aria-label="Opened content" className="w-full border-t">
            <thead>
              <tr>
                <Head>Who and why</Head>
                <Head wide>Opened</Head>
                <Head wide>Until</Head>
                <th scope="col" className="h-8 border-b px-3">
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row key={item.id} item={item} isBusy={end.isPending} onEnd={end.mutate} />
              ))}
            </tbody>
          </table>
        )}
      </QueryState>
      <MoreButton pages={query} />
    </Panel>
  );
}

type RowProps = { item: BreakGlassItem; isBusy: boolean; onEnd: (id: string) => void };

function Row({ item, isBusy, onEnd }: RowProps) {
  const { id, person, reason, opened_at, is_open } = item;
  const href = useHref();
  return (
    <tr className="group/row hover:bg-hover">
      <th scope="row" className={cx(CELL, "w-full text-left font-normal")}>
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium break-all">{person.email}</span>
          {is_open ? <Tag tone="wait">open now</Tag> : null}
        </span>
        <p className="text-sm wrap-anywhere text-ink-2">{reason}</p>
        <p className="text-sm text-ink-3 md:hidden">
          <Time at={opened_at} /> – <End item={item} />
        </p>
      </th>
      <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>
        <Time at={opened_at} />
      </td>
      <td className={cx(CELL, WIDE, "whitespace-nowrap text-ink-2")}>
        <End item={item} />
      </td>
      <td className={cx(CELL, "text-right whitespace-nowrap")}>
        <span className="inline-flex items-end gap-1 max-md:flex-col">
          {is_open ? (
            <Button size="sm" variant="danger" disabled={isBusy} onClick={() => onEnd(id)}>
              Close<span className="sr-only"> what {person.email} has opened</span>
            </Button>
          ) : null}
          <Link
            href={href("/settings/audit", { q: id, range: "all" })}
            className={buttonClass("default", "sm")}
          >
            Looked at<span className="sr-only"> by {person.email}</span>
          </Link>
        </span>
      </td>
    </tr>
  );
}

function End({ item: { until, closed_at, closed_by, person } }: { item: BreakGlassItem }) {
  if (closed_at === null) return <Time at={until} />;
  return (
    <>
      <Time at={closed_at} />, closed{closed_by === person.email ? "" : ` by ${closed_by}`}
    </>
  );
}
