"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { rangeParams, reconcileKey } from "@/components/costs/prepare";
import { DAY_STATE_WORDS, moneyWords } from "@/components/costs/words";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useScope } from "@/components/shell/scope";
import { Ago, Time } from "@/components/shell/time";
import { buttonClass } from "@/components/ui/button";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { Notice } from "@/components/ui/notice";
import { Tag } from "@/components/ui/tag";
import type { Billed, BilledDay } from "@/lib/costs/billed-schema";
import { billedDays } from "@/lib/costs/queries";
import { formatCount, formatPlural } from "@/lib/format";

/** The third figure: what the provider billed, day by day, and what of it belongs to nobody known here. */
export function BilledPanel() {
  const { scope } = useScope();
  const query = useQuery(
    billedDays(reconcileKey(scope, "billed"), () => rangeParams(scope, Date.now())),
  );
  return (
    <Panel title="Billed" hint="by the provider's cost report, days in UTC, after discounts" flush>
      <QueryState query={query} what="The bill" height="h-24">
        {(data) => <Loaded billed={data} />}
      </QueryState>
    </Panel>
  );
}

function Loaded({ billed }: { billed: Billed }) {
  const { connections, days, totals } = billed;
  const href = useHref();
  if (connections.length === 0 && days.length === 0)
    return (
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 pb-3">
        <p className="min-w-48 flex-1 text-ink-2">
          With an Admin key, a connection reads once a day what was billed for each session. It is
          optional: set <code className="font-mono text-sm">admin_key</code> of the connection.
        </p>
        <Link href={href("/import")} className={buttonClass("default", "sm")}>
          Connections
        </Link>
      </div>
    );
  const unreported = days.filter(({ state }) => state !== "reported").length;
  return (
    <>
      <Reports connections={connections} />
      <div className="px-1">
        <FactsTable
          label="Billed by day"
          columns={COLUMNS}
          rows={days}
          keyOf={({ day }) => day}
          sums={["All", ...FIGURES.map(({ of }) => of(totals)), ""]}
        />
      </div>
      <div className="px-3 py-2 text-ink-2">
        <p>{unattributedWords(totals)}</p>
        {unreported > 0 ? <p>Not reported whole yet: {formatPlural(unreported, "day")}.</p> : null}
      </div>
    </>
  );
}

function unattributedWords(totals: Billed["totals"]): string {
  const { unattributed_nanos, no_session_nanos, unknown_sessions } = totals;
  if (unattributed_nanos === 0) return "All of it belongs to sessions known here.";
  const unknown = unattributed_nanos - no_session_nanos;
  const parts = [
    ...(unknown_sessions > 0
      ? [`${moneyWords(unknown)} of ${formatPlural(unknown_sessions, "session")} not known here`]
      : []),
    ...(no_session_nanos === 0 ? [] : [`${moneyWords(no_session_nanos)} of no session`]),
  ];
  return `Unattributed: ${parts.join(", ")}.`;
}

function Reports({ connections }: Pick<Billed, "connections">) {
  return (
    <ul className="flex flex-col gap-1 px-3 pb-2">
      {connections.map(({ id, name, since, reported_until, read_at, error }) => (
        <li key={id}>
          {error ? (
            <Notice tone="fail">
              {name}: {error}
            </Notice>
          ) : (
            <p className="text-ink-2">
              {name}:{" "}
              {since === null || reported_until === null ? (
                "the report is read as soon as the history of its sessions is in."
              ) : (
                <>
                  from {since}, reported until <Time at={reported_until} />, read{" "}
                  <Ago at={read_at} />
                </>
              )}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

type Sums = Billed["totals"];
const FIGURES: readonly { label: string; wide?: true; of: (sums: Sums) => string }[] = [
  { label: "Billed", of: (sums) => moneyWords(sums.billed_nanos) },
  { label: "List", wide: true, of: (sums) => moneyWords(sums.list_nanos) },
  { label: "Sessions", wide: true, of: (sums) => formatCount(sums.sessions) },
  { label: "Known sessions'", wide: true, of: (sums) => moneyWords(sums.attributed_nanos) },
  { label: "Unattributed", of: (sums) => moneyWords(sums.unattributed_nanos) },
];

const COLUMNS: readonly FactsColumn<BilledDay>[] = [
  { label: "Day", cell: ({ day }) => day },
  ...FIGURES.map(({ label, wide, of }) => ({
    label,
    right: true as const,
    ...(wide ? { wide } : {}),
    cell: ({ sums }: BilledDay) => (sums === null ? "–" : of(sums)),
  })),
  {
    label: "Report",
    cell: ({ state }) =>
      state === "reported" ? (
        <span className="text-ink-3">{DAY_STATE_WORDS[state]}</span>
      ) : (
        <Tag tone="wait">{DAY_STATE_WORDS[state]}</Tag>
      ),
  },
];
