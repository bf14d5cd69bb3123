"use client";
import Link from "next/link";
import { LabelList } from "@/components/alerts/label-list";
import { SeverityMark } from "@/components/alerts/marks";
import { useAcknowledge } from "@/components/alerts/use-acknowledge";
import { labelLine, shareOf, valueWords } from "@/components/alerts/words";
import { SilenceMenu } from "@/components/notify/silence-menu";
import { OutcomeMark } from "@/components/sessions/outcome-mark";
import { errorWords } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { Needs } from "@/components/shell/viewer";
import { Button, buttonClass } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Mark } from "@/components/ui/mark";
import { Tag } from "@/components/ui/tag";
import type { AlertItem } from "@/lib/alerts/episode-schema";
import { formatNanos, plain } from "@/lib/format";
import type { Outcome } from "@/lib/sessions/schema";

const EDGES = {
  info: "border-l-run",
  warning: "border-l-wait",
  high: "border-l-fail",
  critical: "border-l-fail",
} as const;

/** One alert that fires, with its rule's name unless that stands above it: how bad, since when, who is behind it, and what can be done. */
export function AlertCard({ alert, isGrouped }: { alert: AlertItem; isGrouped?: boolean }) {
  const href = useHref();
  const of = labelLine(alert.labels, alert.names);
  const name = of === "" ? alert.rule_name : `${alert.rule_name}: ${of}`;
  return (
    <article
      aria-label={name}
      className={cx(
        "flex min-w-0 flex-col gap-3 rounded-lg border border-l-4 bg-surface p-3",
        EDGES[alert.severity],
      )}
    >
      <header className="flex min-w-0 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <SeverityMark severity={alert.severity} />
          <Standing alert={alert} />
          <span className="ml-auto text-sm text-ink-3">
            opened <Ago at={alert.opened_at ?? alert.since} />
          </span>
        </div>
        {isGrouped ? null : (
          <h3 className="text-md font-semibold wrap-anywhere">
            <Link
              href={href(`/alerts/rules/${encodeURIComponent(alert.rule_id)}`)}
              className="hover:underline"
            >
              {plain(alert.rule_name)}
            </Link>
          </h3>
        )}
        <LabelList labels={alert.labels} names={alert.names} />
      </header>
      <Figure alert={alert} />
      <Behind sessions={alert.sessions} />
      <Actions alert={alert} name={name} />
    </article>
  );
}

function Standing({ alert }: { alert: AlertItem }) {
  return (
    <>
      {alert.state === "recovering" ? <Mark shape="ring" tone="run" word="Recovering" /> : null}
      {alert.state === "no_data" ? <Mark shape="query" tone="stop" word="No data" /> : null}
      {alert.silenced ? <Tag>silenced</Tag> : null}
      {alert.flapping ? <Tag tone="wait">flapping</Tag> : null}
    </>
  );
}

function Figure({ alert }: { alert: AlertItem }) {
  const { value, threshold, numerator, denominator, unit, condition } = alert;
  const share = shareOf(numerator, denominator, unit);
  return (
    <div>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-xl font-semibold">{valueWords(value, unit)}</span>
        {share ? <span className="text-ink-2">{share}</span> : null}
        {threshold === null ? null : (
          <span className="text-ink-3">fires at {valueWords(threshold, unit)}</span>
        )}
      </p>
      <p className="text-sm wrap-anywhere text-ink-2">{condition}</p>
    </div>
  );
}

function Behind({ sessions }: Pick<AlertItem, "sessions">) {
  const href = useHref();
  if (sessions.length === 0) return null;
  return (
    <ul aria-label="Sessions behind it" className="flex flex-col">
      {sessions.slice(0, 3).map(({ id, outcome, cost_nanos }) => (
        <li key={id} className="flex min-h-6 items-center gap-2">
          <OutcomeMark outcome={outcome as Outcome} compact />
          <Link
            href={href(`/sessions/${encodeURIComponent(id)}`)}
            className="min-w-0 truncate font-mono text-sm hover:underline"
          >
            {plain(id)}
          </Link>
          <span className="ml-auto shrink-0 text-sm text-ink-2">{formatNanos(cost_nanos)}</span>
        </li>
      ))}
    </ul>
  );
}

function Actions({ alert, name }: { alert: AlertItem; name: string }) {
  const href = useHref();
  const { episode_id: episode, acknowledged_by: by } = alert;
  const acknowledge = useAcknowledge(episode ?? "");
  if (episode === null) return null;
  return (
    <footer className="mt-auto flex flex-wrap items-center gap-2">
      {by === null ? (
        <Needs scope="write">
          <Button
            variant="primary"
            aria-label={`Acknowledge ${name}`}
            disabled={acknowledge.isPending}
            onClick={() => acknowledge.mutate(true)}
          >
            Acknowledge
          </Button>
        </Needs>
      ) : (
        <Mark shape="check" tone="ok" word={`acknowledged by ${by}`} />
      )}
      {alert.silenced ? null : (
        <SilenceMenu ruleId={alert.rule_id} labels={alert.labels} name={name} />
      )}
      <Link
        href={href(`/alerts/episodes/${encodeURIComponent(episode)}`)}
        aria-label={`Open the episode of ${name}`}
        className={buttonClass()}
      >
        Open
      </Link>
      {acknowledge.error ? (
        <p role="alert" className="w-full text-fail">
          {errorWords(acknowledge.error)}
        </p>
      ) : null}
    </footer>
  );
}
