"use client";
import Link from "next/link";
import { ratePoint } from "@/components/failures/rates";
import type { Failures } from "@/components/failures/use-failures";
import { ratioIn, resultOf } from "@/components/metrics/answers";
import { filterChanges } from "@/components/metrics/asked";
import { agentWords, titleOf } from "@/components/sessions/figures";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { buttonClass } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import { formatCount, formatPercent, plain } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";
import type { SessionItem } from "@/lib/sessions/schema";

type RefusedProps = Pick<Failures, "refused" | "params"> & { answers: Answers };

/** Sessions a model refused to go on with: how many, of which models, and the last of them. */
export function RefusedPanel({ refused, params, answers }: RefusedProps) {
  const href = useHref();
  const models = resultOf(answers.refusals, "sessions_settled")?.series ?? [];
  const count = models.reduce((sum, { total }) => sum + (total ?? 0), 0);
  const { below } = ratioIn(answers.figures, "failure_rate");
  const { rate, low, high } = ratePoint(count, Math.max(below, count));
  const words = models
    .filter(({ total }) => total)
    .map(
      ({ labels, total }) => `${plain(labels.model || "model unknown")} ${formatCount(total ?? 0)}`,
    );
  return (
    <Panel
      title="Refusals"
      hint={
        count === 0
          ? undefined
          : `${formatCount(count)} of ${formatCount(below)} completed or failed: ${formatPercent(rate)}, 95 % interval ${formatPercent(low)} – ${formatPercent(high)}`
      }
      actions={
        count === 0 ? undefined : (
          <Link
            href={href("/sessions", {
              ...filterChanges(params),
              ...{ outcome: "refused", by: "settled" },
            })}
            className={buttonClass("default", "sm")}
          >
            Sessions
          </Link>
        )
      }
      flush
    >
      {count === 0 ? (
        <p className="flex min-h-24 items-center justify-center px-3">
          <Mark shape="check" tone="ok" word="No session was refused in this range." />
        </p>
      ) : (
        <>
          <p className="px-3 pb-2 text-sm wrap-anywhere text-ink-3">By model: {words.join(", ")}</p>
          <QueryState query={refused} what="Refused sessions" height="min-h-24">
            {({ data }) => (
              <ul className="flex flex-col border-t">
                {data.map((session) => (
                  <Row key={`${session.id} ${session.connection_id}`} session={session} />
                ))}
              </ul>
            )}
          </QueryState>
        </>
      )}
    </Panel>
  );
}

function Row({ session }: { session: SessionItem }) {
  const href = useHref();
  const { outcome_detail: detail } = session;
  const why = detail?.explanation ?? detail?.message ?? detail?.reason ?? null;
  return (
    <li className="relative flex min-h-9 flex-wrap items-center gap-x-3 border-b px-3 py-1.5 last:border-b-0 hover:bg-hover">
      <Mark shape="cross" tone="fail" label="Refused" />
      <Link
        href={href(`/sessions/${encodeURIComponent(session.id)}`, {
          connection: session.connection_id,
        })}
        prefetch={false}
        className="min-w-0 flex-1 truncate after:absolute after:inset-0"
      >
        {titleOf(session)}
      </Link>
      <span className="shrink-0 whitespace-nowrap text-ink-3">
        <Ago at={session.settled_at} />
      </span>
      <span className="w-full truncate pl-6.5 text-sm text-ink-3">
        {plain([detail?.category, why, agentWords(session)].filter(Boolean).join(" · "))}
      </span>
    </li>
  );
}
