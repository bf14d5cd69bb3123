"use client";
import Link from "next/link";
import { LabelList } from "@/components/alerts/label-list";
import { shareOf, valueWords } from "@/components/alerts/words";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { Mark } from "@/components/ui/mark";
import type { AlertItem } from "@/lib/alerts/episode-schema";
import { plain } from "@/lib/format";

/** Alerts whose condition holds, and not long enough yet. */
export function PendingList({ alerts }: { alerts: readonly AlertItem[] }) {
  const href = useHref();
  return (
    <ul>
      {alerts.map((alert) => {
        const share = shareOf(alert.numerator, alert.denominator, alert.unit);
        return (
          <li
            key={`${alert.rule_id} ${JSON.stringify(alert.labels)}`}
            className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-t px-3 py-1"
          >
            <Mark shape="hourglass" tone="wait" label="Pending" />
            <Link
              href={href(`/alerts/rules/${encodeURIComponent(alert.rule_id)}`)}
              className="font-medium hover:underline"
            >
              {plain(alert.rule_name)}
            </Link>
            <LabelList labels={alert.labels} names={alert.names} />
            <span className="ml-auto whitespace-nowrap">
              {valueWords(alert.value, alert.unit)}
              {share ? <span className="text-ink-3"> {share}</span> : null}
            </span>
            <span className="text-sm whitespace-nowrap text-ink-3">
              since <Ago at={alert.since} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
