"use client";
import type { ReactNode } from "react";
import { agentWords } from "@/components/sessions/figures";
import { Hidden } from "@/components/shell/hidden";
import { Time } from "@/components/shell/time";
import { useMay } from "@/components/shell/viewer";
import { BAND_MARKS } from "@/components/trace/band-look";
import { JsonView } from "@/components/trace/json-view";
import { useTrace } from "@/components/trace/trace-context";
import { CopyButton } from "@/components/ui/copy-button";
import { Facts } from "@/components/ui/facts";
import { FactsTable } from "@/components/ui/facts-table";
import { Mark } from "@/components/ui/mark";
import { formatCents, formatCount, formatDuration, plain } from "@/lib/format";
import { BAND_WORDS } from "@/lib/sessions/band";
import { errorWords } from "@/lib/sessions/event-words";
import type { SessionItem } from "@/lib/sessions/schema";

const MOST_STATES = 200;

/** Everything known of the session that is no event. */
export function DetailsPanel() {
  const { data, time } = useTrace();
  const { item } = data;
  const mayRead = useMay("read");
  const metadata = Object.entries(item.metadata);
  return (
    <div className="grid grid-cols-1 min-h-0 flex-1 content-start gap-x-8 gap-y-6 overflow-y-auto p-3 lg:grid-cols-2 lg:p-4">
      <Part title="Session">
        <Facts rows={identity(item)} />
      </Part>
      <Part title="Course">
        <Facts rows={course(item)} />
      </Part>
      <Part title={`Metadata (${metadata.length})`}>
        {metadata.length === 0 ? (
          <p className="text-ink-3">None.</p>
        ) : (
          <Facts rows={metadata.map(([key, value]) => [key, value] as const)} />
        )}
      </Part>
      <Part title={`Errors (${item.errors.length})`}>
        {item.errors.length === 0 ? (
          <p className="text-ink-3">None.</p>
        ) : (
          <FactsTable
            label="Errors"
            rows={item.errors}
            keyOf={(error) => error.type}
            columns={[
              { label: "Error", cell: (error) => plain(errorWords(error.type)) },
              { label: "Times", right: true, cell: (error) => formatCount(error.count) },
              {
                label: "Last message",
                cell: ({ last_message: said }) =>
                  said === null ? mayRead ? "–" : <Hidden /> : plain(said),
              },
            ]}
          />
        )}
      </Part>
      <Part title={`States (${time.segments.length})`}>
        <FactsTable
          label="States"
          rows={time.segments.slice(0, MOST_STATES)}
          keyOf={(segment) => `${segment.fromUs}-${segment.state}`}
          columns={[
            {
              label: "State",
              cell: (segment) => (
                <Mark {...BAND_MARKS[segment.state]} word={BAND_WORDS[segment.state]} />
              ),
            },
            {
              label: "From",
              cell: (segment) => <Time at={segment.fromUs / 1000} style="second" />,
            },
            {
              label: "For",
              right: true,
              cell: (segment) => formatDuration((segment.toUs - segment.fromUs) / 1000),
            },
          ]}
        />
        {time.segments.length > MOST_STATES ? (
          <p className="mt-1 text-sm text-ink-3">
            {MOST_STATES} of {formatCount(time.segments.length)}; the band above shows them all.
          </p>
        ) : null}
      </Part>
      <Part title="As the API gives it">
        <div className="flex items-start gap-1">
          <JsonView value={item} open={1} />
          <CopyButton text={JSON.stringify(item, null, 2)} label="Copy the session's JSON" />
        </div>
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h2 className="mb-1 font-semibold">{title}</h2>
      {children}
    </section>
  );
}

type Rows = (readonly [string, ReactNode])[];

function identity(item: SessionItem): Rows {
  return [
    [
      "Id",
      <span key="id" className="font-mono text-sm">
        {item.id}
      </span>,
    ],
    ["Title", item.title],
    ["Agent", agentWords(item)],
    ["Agent id", item.agent.id],
    ["Model", item.model],
    ["Environment", item.environment_id],
    ["Deployment", item.deployment_id],
    ["Connection", item.connection_id],
    ["Source", item.source],
    ["Status on the platform", item.status],
    ["Budget", item.budget_cents === null ? null : formatCents(item.budget_cents)],
    ["Price book", item.cost.price_book || null],
  ];
}

function course(item: SessionItem): Rows {
  return [
    ["Started", <Time key="started" at={item.started_at} style="full" />],
    ["Settled", item.settled_at ? <Time key="settled" at={item.settled_at} style="full" /> : null],
    ["Last event", <Time key="last" at={item.last_event_at} style="full" />],
    [
      "Archived",
      item.archived_at ? <Time key="archived" at={item.archived_at} style="full" /> : null,
    ],
    ["Deleted", item.deleted_at ? <Time key="deleted" at={item.deleted_at} style="full" /> : null],
    [
      "Complete until",
      item.complete_until ? <Time key="until" at={item.complete_until} style="full" /> : null,
    ],
    ["Duration", formatDuration(item.duration_ms)],
    ["Active", formatDuration(item.active_ms)],
    ["Waited", formatDuration(item.waiting_ms)],
    ["Turns", formatCount(item.turns)],
    ["Threads", formatCount(item.threads)],
    ["Events", formatCount(item.events)],
    ["Model requests", formatCount(item.model_requests)],
    ["Tool calls", formatCount(item.tool_calls)],
    ["Tool errors", formatCount(item.tool_errors)],
    ["Tool denials", formatCount(item.tool_denials)],
    ["Web searches", formatCount(item.usage.web_searches)],
  ];
}
