"use client";
import Link from "next/link";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { CELL, FIGURE, Head, WIDE } from "@/components/ui/cells";
import { cx } from "@/components/ui/cx";
import { Mark } from "@/components/ui/mark";
import { Progress } from "@/components/ui/progress";
import { formatCount, formatPlural, plain } from "@/lib/format";
import type { DimensionItem } from "@/lib/metrics/promoted-schema";

type TableProps = {
  dimensions: readonly DimensionItem[];
  isBusy: boolean;
  onPromote: (key: string) => void;
  onDemote: (key: string) => void;
};

/** The keys, the promoted ones first. */
export function DimensionsTable({ dimensions, ...acts }: TableProps) {
  return (
    <table aria-label="Metadata keys" className="w-full border-t">
      <thead>
        <tr>
          <Head>Key</Head>
          <Head right wide>
            Sessions
          </Head>
          <Head right wide>
            Values
          </Head>
          <Head wide>Promotion</Head>
          <th scope="col" className="h-8 border-b px-3">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {dimensions.map((item) => (
          <Row key={item.key} item={item} {...acts} />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  item,
  isBusy,
  onPromote,
  onDemote,
}: Omit<TableProps, "dimensions"> & { item: DimensionItem }) {
  const href = useHref();
  const { key, sessions, values, examples, promotion } = item;
  const isStanding = promotion !== null && promotion.state !== "removing";
  return (
    <tr className="group/row hover:bg-hover">
      <th scope="row" className={cx(CELL, "w-full text-left font-normal")}>
        <Link
          href={href("/costs", { by: `metadata.${key}` })}
          className="font-mono font-medium break-all hover:underline"
        >
          {plain(key)}
        </Link>
        {examples.length > 0 ? (
          <p className="line-clamp-2 text-sm break-all text-ink-3">
            {examples.map(plain).join(", ")}
          </p>
        ) : null}
        <p className="text-sm text-ink-2 md:hidden">
          {formatPlural(sessions, "session")} · {formatPlural(values, "value")}
        </p>
        {promotion ? (
          <div className="pt-1 md:hidden">
            <Promotion item={item} />
          </div>
        ) : null}
      </th>
      <td className={cx(FIGURE, WIDE)}>{formatCount(sessions)}</td>
      <td className={cx(FIGURE, WIDE)}>{formatCount(values)}</td>
      <td className={cx(CELL, WIDE, "min-w-64")}>
        <Promotion item={item} />
      </td>
      <td className={cx(CELL, "text-right whitespace-nowrap")}>
        {isStanding ? (
          <Needs scope="admin">
            <Button size="sm" disabled={isBusy} onClick={() => onDemote(key)}>
              {promotion.state === "filling" ? "Stop" : "Demote"}
              <span className="sr-only"> {key}</span>
            </Button>
          </Needs>
        ) : (
          <Needs scope="admin">
            <Button size="sm" disabled={isBusy} onClick={() => onPromote(key)}>
              Promote
              <span className="sr-only"> {key}</span>
            </Button>
          </Needs>
        )}
      </td>
    </tr>
  );
}

/** How far it is; nothing for a key that is not promoted. */
function Promotion({ item: { key, promotion } }: { item: DimensionItem }) {
  if (promotion === null) return <span className="text-ink-3">–</span>;
  const { state, sessions, done, folded_days: folded, filled_at: filledAt } = promotion;
  const { gone_before: gone } = promotion;
  if (state === "removing") return <span className="text-ink-3">Sums are being removed …</span>;
  if (state === "filling") {
    const counted = sessions > 0 ? `${formatCount(done)} of ${formatCount(sessions)}` : "…";
    return (
      <div className="flex flex-col gap-1">
        <p role="status" className="text-ink-2">
          Counting history: {counted}
        </p>
        <Progress
          label={`History of ${key}`}
          value={sessions > 0 ? Math.min(1, done / sessions) : null}
        />
      </div>
    );
  }
  return (
    <div className="flex flex-col">
      <span className="flex flex-wrap items-center gap-x-2">
        <Mark shape="check" tone="ok" word="Promoted" />
        {filledAt ? (
          <span className="text-sm text-ink-3">
            history counted <Ago at={filledAt} />
          </span>
        ) : null}
      </span>
      {folded > 0 ? (
        <span className="text-sm text-wait">
          {formatPlural(folded, "day")} with values in “Other”
        </span>
      ) : null}
      {gone > 0 ? (
        <span className="text-sm text-ink-2">
          {formatPlural(gone, "session")} dropped or erased before that in “Other”
        </span>
      ) : null}
    </div>
  );
}
