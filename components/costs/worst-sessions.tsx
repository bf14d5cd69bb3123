"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, X } from "lucide-react";
import Link from "next/link";
import { type Chosen, chosenParams, parseChosen, reconcileKey } from "@/components/costs/prepare";
import {
  CAUSE_WORDS,
  listWords,
  moneyWords,
  RELIST_WORDS,
  signedNanos,
  signedRatio,
} from "@/components/costs/words";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useScope, useUrlState } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { Button, buttonClass } from "@/components/ui/button";
import { type FactsColumn, FactsTable } from "@/components/ui/facts-table";
import { Segmented } from "@/components/ui/segmented";
import { reconcileSessions } from "@/lib/costs/queries";
import type { ReconcileSession } from "@/lib/costs/reconcile-schema";
import { formatCount, plain } from "@/lib/format";

/** The sessions behind the figures, those farthest off first; what the URL chooses of them. */
export function WorstSessions() {
  const { scope } = useScope();
  const { params, set } = useUrlState();
  const chosen = parseChosen((name) => params.get(name));
  const query = useInfiniteQuery(
    reconcileSessions(reconcileKey(scope, chosen), () => chosenParams(scope, chosen, Date.now())),
  );
  const sessions = (query.data?.pages ?? []).flatMap((page) => page.data);
  return (
    <div id="worst" className="scroll-mt-[calc(var(--shell-height)+0.75rem)]">
      <Panel title="Worst sessions" actions={<Actions chosen={chosen} />} flush>
        <Filters chosen={chosen} sessions={sessions} />
        <QueryState
          query={query}
          what="The sessions"
          height="min-h-40"
          empty={{
            when: () => sessions.length === 0,
            title:
              chosen.show === "tokens"
                ? "Spans and usage agree in every session"
                : "No session with a list cost",
            action:
              chosen.cause || chosen.agent ? (
                <Button onClick={() => set({ cause: null, agent: null })}>Clear filters</Button>
              ) : undefined,
          }}
        >
          {() => <Table show={chosen.show} sessions={sessions} />}
        </QueryState>
        {query.hasNextPage ? (
          <div className="px-3 py-2">
            <Button disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
              Show more sessions
            </Button>
          </div>
        ) : null}
      </Panel>
    </div>
  );
}

function Actions({ chosen }: { chosen: Chosen }) {
  const { scope } = useScope();
  const { set } = useUrlState();
  return (
    <>
      <Segmented
        label="Farthest off by"
        size="sm"
        value={chosen.show}
        onChange={(show) => set({ show: show === "drift" ? null : show })}
        options={[
          { value: "drift", label: "Cost" },
          { value: "tokens", label: "Tokens" },
        ]}
      />
      <button
        type="button"
        className={buttonClass("default", "sm")}
        onClick={() => {
          // A range may move with the clock: the address is made when it is asked for.
          const asked = chosenParams(scope, chosen, Date.now());
          window.location.assign(`/api/v1/reconcile/export?${asked}`);
        }}
      >
        <Download size={12} aria-hidden />
        CSV
      </button>
    </>
  );
}

function Filters({ chosen, sessions }: { chosen: Chosen; sessions: readonly ReconcileSession[] }) {
  const { set } = useUrlState();
  const { cause, agent } = chosen;
  if (!cause && !agent) return null;
  const name = sessions.find((session) => session.agent.id === agent)?.agent.name ?? agent;
  const chips = [
    ...(cause ? [{ what: "cause", words: `Cause: ${CAUSE_WORDS[cause].label}` }] : []),
    ...(agent ? [{ what: "agent", words: `Agent: ${name}` }] : []),
  ];
  return (
    <div className="flex flex-wrap gap-2 px-3 pb-2">
      {chips.map(({ what, words }) => (
        <Button
          key={what}
          size="sm"
          variant="chosen"
          aria-label={`Remove the filter ${words}`}
          onClick={() => set({ [what]: null })}
        >
          <span className="max-w-64 truncate">{words}</span>
          <X size={12} aria-hidden />
        </Button>
      ))}
    </div>
  );
}

function Table({
  show,
  sessions,
}: {
  show: Chosen["show"];
  sessions: readonly ReconcileSession[];
}) {
  const shared: readonly FactsColumn<ReconcileSession>[] = [
    { label: "Session", cell: (session) => <Name session={session} /> },
    { label: "Agent", wide: true, cell: ({ agent }) => plain(agent.name ?? agent.id ?? "–") },
    { label: "Model", wide: true, cell: ({ model }) => model ?? "–" },
    { label: "Settled", wide: true, right: true, cell: (row) => <Time at={row.settled_at} /> },
  ];
  const isBilled = sessions.some(({ billed_nanos }) => billed_nanos !== null);
  const figures = DRIFT.filter(({ label }) => label !== BILLED || isBilled);
  const columns = [...shared, ...(show === "tokens" ? TOKENS : figures)];
  return (
    <div className="px-1">
      <FactsTable
        label="Worst sessions"
        columns={columns}
        rows={sessions}
        keyOf={({ id, connection_id }) => `${connection_id} ${id}`}
      />
    </div>
  );
}

function Name({ session }: { session: ReconcileSession }) {
  const href = useHref();
  const { id, connection_id, title } = session;
  return (
    <Link
      href={href(`/sessions/${encodeURIComponent(id)}`, {
        tab: "cost",
        connection: connection_id,
      })}
      className="block max-w-64 min-w-28 truncate max-sm:max-w-36 font-medium after:absolute after:inset-0"
    >
      {title ?? id}
    </Link>
  );
}

const BILLED = "Billed";
const DRIFT: readonly FactsColumn<ReconcileSession>[] = [
  { label: "Computed", right: true, wide: true, cell: (row) => moneyWords(row.computed_nanos) },
  { label: "List", right: true, wide: true, cell: (row) => listWords(row.list_nanos) },
  {
    label: "Drift",
    right: true,
    cell: (row) => (row.drift_nanos === null ? "–" : signedNanos(row.drift_nanos)),
  },
  { label: "of list", right: true, wide: true, cell: (row) => signedRatio(row.drift_ratio) },
  {
    label: BILLED,
    right: true,
    wide: true,
    cell: ({ billed_nanos }) => (billed_nanos === null ? "–" : moneyWords(billed_nanos)),
  },
  {
    label: "Cause",
    cell: ({ cause, causes }) => (
      <span title={causes.map((each) => CAUSE_WORDS[each].label).join(", ")}>
        {cause === null ? "–" : CAUSE_WORDS[cause].label}
        {causes.length > 1 ? ` +${causes.length - 1}` : ""}
      </span>
    ),
  },
];

const BUCKETS = [
  ["input_tokens", "input"],
  ["cache_write_tokens", "cache writes"],
  ["cache_read_tokens", "cache reads"],
  ["output_tokens", "output"],
] as const;

const TOKENS: readonly FactsColumn<ReconcileSession>[] = [
  { label: "Tokens off", right: true, cell: (row) => formatCount(row.token_gap) },
  { label: "Usage against spans", wide: true, cell: gapWords },
  {
    label: "Lists",
    cell: ({ relist }) => (relist === null ? "–" : RELIST_WORDS[relist]),
  },
];

/** "+1,200 input, −30 output": how far the usage is beyond the spans. */
function gapWords({ usage, spans }: ReconcileSession): string {
  if (usage === null) return "–";
  return BUCKETS.flatMap(([bucket, name]) => {
    const gap = usage[bucket] - spans[bucket];
    return gap === 0 ? [] : [`${gap > 0 ? "+" : "−"}${formatCount(Math.abs(gap))} ${name}`];
  }).join(", ");
}
