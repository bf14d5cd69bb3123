"use client";
import Link from "next/link";
import type { Failures } from "@/components/failures/use-failures";
import { filterChanges } from "@/components/metrics/asked";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Lasting } from "@/components/shell/time";
import { buttonClass } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import type { StuckItem, StuckPage } from "@/lib/failures/schema";
import { formatNanos, formatPlural, plain } from "@/lib/format";

/** What stands still at this moment, and for whom. */
export function StuckPanel({ stuck, params }: Pick<Failures, "stuck" | "params">) {
  const href = useHref();
  const { outcome, ...filters } = filterChanges(params);
  const all = { ...filters, outcome: ["waiting", "running"], range: "all", from: null, to: null };
  return (
    <Panel
      title="Stuck now"
      hint={stuck.data ? words(stuck.data) : undefined}
      actions={
        stuck.data && stuck.data.data.length > 0 ? (
          <Link
            href={href("/sessions", { ...all, sort: "last_event_at", order: "asc" })}
            className={buttonClass("default", "sm")}
          >
            Sessions
          </Link>
        ) : undefined
      }
      flush
    >
      <QueryState query={stuck} what="Stuck sessions" height="min-h-24">
        {({ data }) =>
          data.length === 0 ? (
            <p className="flex min-h-24 items-center justify-center px-3">
              <Mark shape="check" tone="ok" word="No session waits or is silent." />
            </p>
          ) : (
            <ul className="flex flex-col border-t">
              {data.map((item) => (
                <Row key={`${item.session.id} ${item.session.connection_id}`} item={item} />
              ))}
            </ul>
          )
        }
      </QueryState>
    </Panel>
  );
}

function words({ data, waiting, silent }: StuckPage): string {
  const total = waiting + silent;
  const counts = `${formatPlural(waiting, "waits", "wait")} for somebody, ${silent} silent for 10 min or more`;
  return data.length < total ? `${counts}; the longest ${data.length}` : counts;
}

function Row({ item: { kind, session, since, waiting_for, cost_nanos } }: { item: StuckItem }) {
  const href = useHref();
  const { agent } = session;
  const name = agent.name ?? agent.id ?? "unknown agent";
  const tools = waiting_for.map(({ name }) => name ?? "a call").join(", ");
  return (
    <li className="relative flex min-h-9 flex-wrap items-center gap-x-3 border-b px-3 py-1.5 last:border-b-0 hover:bg-hover">
      <Mark
        shape={kind === "waiting" ? "hourglass" : "dot"}
        tone={kind === "waiting" ? "wait" : "run"}
        label={kind === "waiting" ? "Waiting" : "Silent"}
      />
      <Link
        href={href(`/sessions/${encodeURIComponent(session.id)}`, {
          connection: session.connection_id,
        })}
        prefetch={false}
        className="min-w-0 flex-1 truncate after:absolute after:inset-0"
      >
        {plain(session.title ?? session.id)}
      </Link>
      <span className="shrink-0 text-right whitespace-nowrap">
        <Lasting since={since} />
      </span>
      <span className="flex w-full gap-x-2 pl-6.5 text-sm text-ink-3">
        <span className="min-w-0 flex-1 truncate">
          {kind === "waiting" ? (tools ? `waits for ${tools}` : "waits for an answer") : "no event"}
          {" · "}
          {plain(name)}
          {agent.version === null ? "" : ` v${agent.version}`}
        </span>
        <span className="shrink-0">{formatNanos(cost_nanos)} so far</span>
      </span>
    </li>
  );
}
