"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { ChartCard } from "@/components/charts/chart-card";
import { GroupMark } from "@/components/failures/group-mark";
import { GroupSessions } from "@/components/failures/group-sessions";
import { kindOf, markWords, placeOf, titleOf } from "@/components/failures/group-words";
import {
  groupQuestions,
  groupsParams,
  rangeKey,
  rangeParams,
} from "@/components/failures/questions";
import { ratePoint } from "@/components/failures/rates";
import type { Failures } from "@/components/failures/use-failures";
import { ratioIn, stepsFrom } from "@/components/metrics/answers";
import { LIVE_MS, useNowAsking } from "@/components/metrics/use-answers";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useScope } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { IconButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { FactsTable } from "@/components/ui/facts-table";
import { errorGroups, groupSessions } from "@/lib/failures/queries";
import type { ErrorGroupItem, ErrorGroups } from "@/lib/failures/schema";
import { formatCount, formatPercent, formatPlural, plain } from "@/lib/format";
import { type Answers, metricAnswers } from "@/lib/metrics/queries";
import type { TimeSeries } from "@/lib/series";

type DetailProps = Pick<Failures, "asked" | "nameOf"> & { group: string; onClose: () => void };

/** One group of errors: since when, how often, in which versions and sessions. */
export function GroupDetail({ group, asked, nameOf, onClose }: DetailProps) {
  const now = useNowAsking(asked);
  const key = `${rangeKey(asked)} ${group}`;
  const refetchInterval = useLiveInterval(LIVE_MS);
  const ofGroup = (ask: typeof rangeParams) => async () => {
    const params = await now(ask);
    params.set("group", group);
    return params;
  };
  const detail = useQuery({ ...errorGroups(key, ofGroup(groupsParams)), refetchInterval });
  const sessions = useInfiniteQuery(groupSessions(key, ofGroup(rangeParams)));
  const metrics = useQuery({
    ...metricAnswers(`group ${key}`, () => now(groupQuestions(group))),
    refetchInterval,
  });
  return (
    <Panel
      title="Error group"
      actions={
        <IconButton label="Close the error group" onClick={onClose}>
          <X size={14} aria-hidden />
        </IconButton>
      }
    >
      <QueryState query={detail} what="This error group" height="min-h-96">
        {(answer) => {
          const [item] = answer.data;
          return item ? (
            <div className="flex flex-col gap-4">
              <Facts item={item} />
              <Trend item={item} answer={answer} />
              <QueryState query={metrics} what="What became of it" height="min-h-16">
                {(answers) => (
                  <div className="flex flex-col gap-4">
                    <Ending answers={answers} />
                    <Versions series={answers.versions?.[0]?.series ?? []} nameOf={nameOf} />
                  </div>
                )}
              </QueryState>
              <QueryState query={sessions} what="Sessions" height="min-h-40">
                {({ pages }) => (
                  <GroupSessions sessions={pages.flatMap(({ data }) => data)} pages={sessions} />
                )}
              </QueryState>
            </div>
          ) : (
            <Empty title="This error did not occur in the range, or not with these filters." />
          );
        }}
      </QueryState>
    </Panel>
  );
}

function Facts({ item }: { item: ErrorGroupItem }) {
  const why = markWords(item);
  return (
    <div className="flex flex-col gap-1">
      <p className="font-mono text-sm wrap-anywhere">{plain(titleOf(item))}</p>
      <p className="flex flex-wrap items-center gap-x-2 text-sm text-ink-3">
        {kindOf(item)}, {placeOf(item)}
      </p>
      <p>
        {formatPlural(item.count, "time")} in {formatPlural(item.sessions, "session")} in this range
      </p>
      <p className="text-ink-2">
        First seen <Time at={item.first_seen} />, last <Time at={item.last_seen} />
      </p>
      {why ? (
        <p className="flex flex-wrap items-center gap-2">
          <GroupMark group={item} />
          {why}
        </p>
      ) : null}
    </div>
  );
}

function Trend({ item, answer }: { item: ErrorGroupItem; answer: ErrorGroups }) {
  const { setScope, tz } = useScope();
  const starts = answer.times.map((time) => Date.parse(time));
  const steps = stepsFrom(starts, { step: answer.step, until: answer.complete_until });
  const data: TimeSeries = {
    ...steps,
    series: [
      { key: item.key ?? "errors", label: "Errors", color: "var(--fail)", values: item.points },
    ],
  };
  return (
    <ChartCard
      data={data}
      kind="bars"
      label="Errors of this group over time"
      tz={tz}
      format={formatCount}
      whole
      onBrush={(fromMs, toMs) => setScope({ range: { kind: "fixed", fromMs, toMs } })}
    />
  );
}

/** Whether sessions survive it. */
function Ending({ answers }: { answers: Answers }) {
  const { above, below } = ratioIn(answers.rate, "failure_rate");
  const { rate, low, high } = ratePoint(above, below);
  if (rate === null) return <p>No session with it has completed or failed in this range.</p>;
  return (
    <p>
      Of the {formatPlural(below, "session")} with it that completed or failed, {formatCount(above)}{" "}
      failed: {formatPercent(rate)}{" "}
      <span className="text-ink-3">
        (95 % interval {formatPercent(low)} – {formatPercent(high)})
      </span>
    </p>
  );
}

type VersionsProps = {
  series: readonly { labels: Record<string, string>; total: number | null }[];
  nameOf: Failures["nameOf"];
};

function Versions({ series, nameOf }: VersionsProps) {
  const rows = series.filter(({ total }) => total);
  return (
    <FactsTable
      label="Errors by agent version"
      rows={rows}
      keyOf={({ labels }) => JSON.stringify(labels)}
      columns={[
        {
          label: "Agent version",
          cell: ({ labels: { agent = "", agent_version: version = "" } }) =>
            agent === "other"
              ? "Other"
              : `${agent === "" ? "Agent unknown" : plain(nameOf("agent", agent))}${version === "" ? "" : ` v${version}`}`,
        },
        { label: "Errors", right: true, cell: ({ total }) => formatCount(total ?? 0) },
      ]}
    />
  );
}
