"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type Asked, setSpan, spanOf } from "@/components/metrics/asked";
import { useNowAsking } from "@/components/metrics/use-answers";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { CopyButton } from "@/components/ui/copy-button";
import { cx } from "@/components/ui/cx";
import { Mark } from "@/components/ui/mark";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { budgetCoverage } from "@/lib/budgets/queries";
import type { Coverage } from "@/lib/budgets/schema";
import { formatCents, formatCount, formatNanos, formatPlural, plain } from "@/lib/format";

const LIVE_MS = 60_000;

function coverageParams(asked: Asked, nowMs: number, firstMs: number): URLSearchParams {
  const params = setSpan(new URLSearchParams(), spanOf(asked, nowMs, firstMs));
  for (const agent of asked.params.getAll("agent")) params.append("agent", agent);
  return params;
}

/** Which sessions the platform would not stop whatever they cost, and where a cap would lie. */
export function CoveragePanel({ asked }: { asked: Asked }) {
  const now = useNowAsking(asked);
  const key = JSON.stringify([asked.scope.range, asked.params.getAll("agent")]);
  const query = useQuery({
    ...budgetCoverage(key, () => now(coverageParams)),
    refetchInterval: useLiveInterval(LIVE_MS),
  });
  return (
    <Panel title="Sessions without a cap" hint="started in the range, on the platform" flush>
      <QueryState query={query} what="Coverage" height="min-h-40">
        {(coverage) => <Loaded coverage={coverage} />}
      </QueryState>
    </Panel>
  );
}

function Loaded({ coverage }: { coverage: Coverage }) {
  const { sessions, uncapped, deployments, uncapped_deployments, versions, data } = coverage;
  if (uncapped === 0)
    return (
      <p className="px-3 pb-3 text-ink-2">
        <Mark
          shape="check"
          tone="ok"
          word={
            sessions === 0
              ? "No session started in this range."
              : `All ${formatPlural(sessions, "session")} had a budget of the platform's own.`
          }
        />
      </p>
    );
  return (
    <>
      <p className="px-3 pb-3 text-ink-2">
        {formatCount(uncapped)} of {formatPlural(sessions, "session")}
        {deployments > 0
          ? ` and ${formatCount(uncapped_deployments)} of ${formatPlural(deployments, "deployment")}`
          : ""}{" "}
        have no budget of the platform's own: nothing stops one that goes wrong. It can only be set
        when a session is made.
      </p>
      <Versions data={data} />
      {data.length < versions ? (
        <p className="border-t px-3 py-2 text-sm text-ink-3">
          The dearest {data.length} of {versions} agent versions.
        </p>
      ) : null}
    </>
  );
}

const CELL = "h-8 px-3 whitespace-nowrap";
const FIGURE = `${CELL} text-right`;

function Versions({ data }: Pick<Coverage, "data">) {
  const href = useHref();
  return (
    <div {...SCROLLABLE} className="overflow-x-auto">
      <table className="w-full border-t">
        <caption className="sr-only">Agent versions with sessions without a cap</caption>
        <thead>
          <tr className="border-b text-sm text-ink-3">
            <th scope="col" className={cx(CELL, "text-left font-normal")}>
              Agent version
            </th>
            <th scope="col" className={cx(FIGURE, "font-normal max-sm:hidden")}>
              Without
            </th>
            <th scope="col" title="95 of 100 cost at most" className={cx(FIGURE, "font-normal")}>
              p95
            </th>
            <th scope="col" title="1.5 times the p95" className={cx(FIGURE, "font-normal")}>
              Suggested cap
            </th>
          </tr>
        </thead>
        <tbody>
          {data.map(({ agent, version, ...row }) => (
            <tr key={`${agent.id} ${version}`} className="border-b last:border-b-0">
              <th scope="row" className={cx(CELL, "w-full max-w-0 truncate text-left font-normal")}>
                <Link
                  className="hover:underline"
                  href={href("/sessions", {
                    ...(agent.id ? { agent: agent.id } : {}),
                    ...(version === null ? {} : { agent_version: `${version}` }),
                    ...{ sort: "cost", by: "started" },
                  })}
                >
                  {plain(agent.name ?? agent.id ?? "no agent")}
                  {version === null ? "" : ` v${version}`}
                </Link>
              </th>
              <td className={cx(FIGURE, "max-sm:hidden")}>
                {formatCount(row.uncapped)}
                <span className="text-ink-3"> of {formatCount(row.sessions)}</span>
              </td>
              <td className={FIGURE}>
                {row.p95_nanos === null ? "–" : formatNanos(row.p95_nanos)}
              </td>
              <td className={FIGURE}>
                <Cap cents={row.suggested_cents} settled={row.settled} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The amount, and what to give the call that makes a session. */
function Cap({ cents, settled }: { cents: number | null; settled: number }) {
  if (cents === null)
    return <span className="text-ink-3">too few settled ({formatCount(settled)})</span>;
  const limit = { type: "limit", max_list_cost: { amount: `${cents}`, currency: "USD" } };
  return (
    <span className="inline-flex items-center gap-1">
      {formatCents(cents)}
      <CopyButton text={`budget: ${JSON.stringify(limit)}`} label="Copy it for the call" />
    </span>
  );
}
