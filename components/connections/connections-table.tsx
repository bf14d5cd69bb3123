"use client";
import Link from "next/link";
import { StateMark } from "@/components/connections/state-mark";
import { WebhookMark } from "@/components/connections/webhook-mark";
import { lagWords } from "@/components/connections/words";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { CELL, FIGURE, Head, WIDE } from "@/components/ui/cells";
import { cx } from "@/components/ui/cx";
import type { ConnectionItem } from "@/lib/connections/schema";
import { formatCount, formatPercent } from "@/lib/format";

/** The connections, each leading to its page. */
export function ConnectionsTable({ connections }: { connections: readonly ConnectionItem[] }) {
  return (
    <table aria-label="Connections" className="w-full">
      <thead>
        <tr>
          <Head>Name</Head>
          <Head wide>State</Head>
          <Head right wide>
            Sessions
          </Head>
          <Head right wide>
            Waiting
          </Head>
          <Head right wide>
            Reads / min
          </Head>
          <Head right wide>
            Lag
          </Head>
          <Head right wide>
            Last synced
          </Head>
          <Head right wide>
            Webhooks
          </Head>
        </tr>
      </thead>
      <tbody>
        {connections.map((connection) => (
          <Row key={connection.id} connection={connection} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ connection }: { connection: ConnectionItem }) {
  const href = useHref();
  const { id, name, base_url, state_reason, sessions, waiting, reads } = connection;
  return (
    <tr className="group/row relative hover:bg-hover">
      <th scope="row" className={cx(CELL, "w-full text-left font-normal")}>
        <Link
          href={href(`/settings/connections/${encodeURIComponent(id)}`)}
          className="font-medium after:absolute after:inset-0"
        >
          {name}
        </Link>
        <p className="text-sm break-all text-ink-3">{new URL(base_url).host}</p>
        <p className="flex md:hidden">
          <State connection={connection} />
        </p>
        {state_reason ? <p className="text-fail">{state_reason}</p> : null}
        <p className="text-sm text-ink-2 md:hidden">
          {formatCount(sessions)} sessions · {formatCount(reads.last_minute)} of{" "}
          {formatCount(reads.limit_per_minute)} reads · synced{" "}
          <Ago at={connection.last_synced_at} />
        </p>
      </th>
      <td className={cx(CELL, WIDE, "whitespace-nowrap")}>
        <State connection={connection} />
      </td>
      <td className={cx(FIGURE, WIDE)}>{formatCount(sessions)}</td>
      <td className={cx(FIGURE, WIDE)}>{formatCount(waiting)}</td>
      <td className={cx(FIGURE, WIDE)}>
        {formatCount(reads.last_minute)}
        <span className="text-ink-3"> / {formatCount(reads.limit_per_minute)}</span>
      </td>
      <td className={cx(FIGURE, WIDE)}>{lagWords(connection.lag_seconds)}</td>
      <td className={cx(FIGURE, WIDE)}>
        <Ago at={connection.last_synced_at} />
      </td>
      <td className={cx(FIGURE, WIDE)}>
        <WebhookMark connection={connection} />
      </td>
    </tr>
  );
}

function State({ connection: { state, backfill } }: { connection: ConnectionItem }) {
  return (
    <span className="inline-flex items-baseline gap-1.5">
      <StateMark state={state} />
      {state === "backfilling" && backfill.share !== null ? (
        <span className="text-sm text-ink-3">{formatPercent(backfill.share)}</span>
      ) : null}
    </span>
  );
}
