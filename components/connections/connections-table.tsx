"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { StateMark } from "@/components/connections/state-mark";
import { lagWords } from "@/components/connections/words";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { cx } from "@/components/ui/cx";
import { Mark } from "@/components/ui/mark";
import type { ConnectionItem } from "@/lib/connections/schema";
import { formatCount, formatPercent } from "@/lib/format";

const CELL = "border-b px-3 py-2 align-top group-last/row:border-b-0";
const FIGURE = `${CELL} text-right whitespace-nowrap`;
const WIDE = "max-md:hidden";

/** The connections, each leading to its page. */
export function ConnectionsTable({ connections }: { connections: readonly ConnectionItem[] }) {
  return (
    <table aria-label="Connections" className="w-full">
      <thead>
        <tr>
          <Head>Name</Head>
          <Head>State</Head>
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

function Head({ children, right, wide }: { children: ReactNode; right?: boolean; wide?: boolean }) {
  return (
    <th
      scope="col"
      className={cx(
        "h-8 border-b px-3 text-sm font-normal text-ink-3",
        right ? "text-right" : "text-left",
        wide && WIDE,
      )}
    >
      {children}
    </th>
  );
}

function Row({ connection }: { connection: ConnectionItem }) {
  const href = useHref();
  const { id, name, base_url, state, state_reason, sessions, waiting, reads } = connection;
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
        {state_reason ? <p className="text-fail">{state_reason}</p> : null}
        <p className="text-sm text-ink-2 md:hidden">
          {formatCount(sessions)} sessions · {formatCount(reads.last_minute)} of{" "}
          {formatCount(reads.limit_per_minute)} reads · synced{" "}
          <Ago at={connection.last_synced_at} />
        </p>
      </th>
      <td className={cx(CELL, "whitespace-nowrap")}>
        <StateMark state={state} />
        {state === "backfilling" && connection.backfill.share !== null ? (
          <span className="ml-1.5 text-sm text-ink-3">
            {formatPercent(connection.backfill.share)}
          </span>
        ) : null}
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
        <Webhooks connection={connection} />
      </td>
    </tr>
  );
}

function Webhooks({ connection }: { connection: ConnectionItem }) {
  const { webhooks_since, webhook_silence, last_webhook_at } = connection;
  if (webhooks_since === null) return <span className="text-ink-3">not set up</span>;
  if (webhook_silence) return <Mark shape="hourglass" tone="wait" word="silent" />;
  if (last_webhook_at === null) return <span className="text-ink-3">none yet</span>;
  return <Ago at={last_webhook_at} />;
}
