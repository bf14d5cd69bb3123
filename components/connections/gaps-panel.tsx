"use client";
import { useQuery } from "@tanstack/react-query";
import { SessionLink } from "@/components/connections/session-link";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { Time } from "@/components/shell/time";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { Mark } from "@/components/ui/mark";
import { webhookGaps } from "@/lib/connections/queries";
import type { GapItem, Gaps } from "@/lib/connections/webhook-schema";
import { formatCount, formatPlural, plain } from "@/lib/format";

const LIVE_MS = 60_000;
const SHOWN = 10;

/** Which webhooks did not come, by what polling has seen. */
export function GapsPanel({ id }: { id: string }) {
  const query = useQuery({ ...webhookGaps(id), refetchInterval: useLiveInterval(LIVE_MS) });
  return (
    <Panel title="What did not come" hint="last 24 h, held against what polling has seen">
      <QueryState query={query} what="The comparison" height="min-h-16">
        {(gaps) => <Proof gaps={gaps} id={id} />}
      </QueryState>
    </Panel>
  );
}

function Proof({ gaps, id }: { gaps: Gaps; id: string }) {
  const { expected, came, missed, unknown, from, to } = gaps;
  if (from === null)
    return (
      <p className="text-ink-2">
        There is nothing to compare yet: a webhook may take up to ten minutes, and what happened
        before there was a secret was never expected.
      </p>
    );
  const lost = expected - came;
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {expected === 0 ? (
          <Mark shape="ring" tone="quiet" word="Nothing happened that webhooks tell of" />
        ) : lost === 0 ? (
          <Mark
            shape="check"
            tone="ok"
            word={`All ${formatCount(expected)} expected deliveries came`}
          />
        ) : (
          <Mark
            shape="cross"
            tone="fail"
            word={`${formatCount(came)} of ${formatCount(expected)} expected deliveries came`}
          />
        )}
        <span className="text-sm text-ink-3">
          from <Time at={from} /> to <Time at={to} />
        </span>
      </p>
      {missed.length > 0 ? <Missed missed={missed} lost={lost} id={id} /> : null}
      {unknown.length > 0 ? (
        <p className="text-ink-2">
          Not counted, because none of the kind ever came:{" "}
          {unknown
            .map(({ type, events }) => `${type} (${formatPlural(events, "event")})`)
            .join(", ")}
          . The endpoint in the Console may not have chosen them.
        </p>
      ) : null}
    </div>
  );
}

function Missed({ missed, lost, id }: { missed: readonly GapItem[]; lost: number; id: string }) {
  const shown = missed.slice(0, SHOWN);
  const columns: FactsColumn<GapItem>[] = [
    {
      label: "Happened",
      cell: (gap) => <Time at={gap.at} style="daySecond" className="md:whitespace-nowrap" />,
    },
    { label: "Type", wide: true, cell: (gap) => plain(gap.type) },
    {
      label: "Session",
      cell: (gap) => (
        <>
          <SessionLink sessionId={gap.session_id} connectionId={id} event={gap.event_id} />
          <p className="break-all md:hidden">{gap.type}</p>
        </>
      ),
    },
  ];
  return (
    <div className="flex flex-col gap-1">
      <p className="text-ink-2">
        {lost > shown.length
          ? `These did not, the newest ${shown.length} of ${formatCount(lost)}:`
          : lost === 1
            ? "This one did not:"
            : "These did not:"}
      </p>
      <div className="-mx-2">
        <FactsTable
          label="Missed webhooks"
          rows={shown}
          keyOf={(gap) => `${gap.session_id} ${gap.event_id}`}
          columns={columns}
        />
      </div>
    </div>
  );
}
