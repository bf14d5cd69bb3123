"use client";
import Link from "next/link";
import { useState } from "react";
import { AlertCard } from "@/components/alerts/alert-card";
import { type FiringGroup, groupsOf } from "@/components/alerts/firing-groups-order";
import { SeverityMark } from "@/components/alerts/marks";
import { SEVERITY_LOOKS } from "@/components/alerts/words";
import { useHref } from "@/components/shell/scope";
import { Button } from "@/components/ui/button";
import type { AlertItem } from "@/lib/alerts/episode-schema";
import { formatPlural, plain } from "@/lib/format";

const SHOWN = 6;
const GRID = "grid grid-cols-[repeat(auto-fill,minmax(min(100%,22rem),1fr))] gap-3";

const keyOf = ({ rule_id, labels }: AlertItem) => `${rule_id} ${JSON.stringify(labels)}`;

/** What fires, the worst first: rules with several alerts one after the other, each with how many there are. */
export function FiringGroups({ alerts }: { alerts: readonly AlertItem[] }) {
  return (
    <div className="flex flex-col gap-3">
      {groupsOf(alerts).map((group) =>
        group.kind === "singles" ? (
          <div key={group.alerts.map(keyOf).join()} className={GRID}>
            {group.alerts.map((alert) => (
              <AlertCard key={keyOf(alert)} alert={alert} />
            ))}
          </div>
        ) : (
          <OfRule key={group.id} {...group} />
        ),
      )}
    </div>
  );
}

/** "2 critical, 3 warning"; null where all are of one severity. */
function partsOf(counts: Extract<FiringGroup, { kind: "rule" }>["counts"]): string | null {
  if (counts.length < 2) return null;
  return counts
    .map(([severity, count]) => `${count} ${SEVERITY_LOOKS[severity].word.toLowerCase()}`)
    .join(", ");
}

function OfRule({ id, name, alerts, counts }: Extract<FiringGroup, { kind: "rule" }>) {
  const href = useHref();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? alerts : alerts.slice(0, SHOWN);
  const worst = counts[0]?.[0];
  const parts = partsOf(counts);
  return (
    <section
      aria-label={`${name}: ${formatPlural(alerts.length, "alert")}`}
      className="flex flex-col gap-2 rounded-lg border bg-sunken p-2"
    >
      <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1 px-1">
        {worst ? <SeverityMark severity={worst} /> : null}
        <Link
          href={href(`/alerts/rules/${encodeURIComponent(id)}`)}
          className="text-md font-semibold wrap-anywhere hover:underline"
        >
          {plain(name)}
        </Link>
        <span className="text-ink-2">
          {formatPlural(alerts.length, "alert")}
          {parts ? <span className="text-ink-3">: {parts}</span> : null}
        </span>
      </h3>
      <div className={GRID}>
        {shown.map((alert) => (
          <AlertCard key={keyOf(alert)} alert={alert} isGrouped />
        ))}
      </div>
      {shown.length < alerts.length ? (
        <Button size="sm" variant="ghost" className="self-start" onClick={() => setWhole(true)}>
          Show all {alerts.length}
        </Button>
      ) : null}
    </section>
  );
}
