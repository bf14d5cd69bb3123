"use client";
import type { UseQueryResult } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { backtestSeries, levelsOf, STATE_LOOKS } from "@/components/alerts/backtest-series";
import { backtestWords, differenceWords } from "@/components/alerts/backtest-words";
import { LabelList } from "@/components/alerts/label-list";
import { SeverityMark } from "@/components/alerts/marks";
import { useRuleFacets } from "@/components/alerts/sentence-scope";
import { refusalOf } from "@/components/alerts/use-rule-answers";
import { CLOSE_WORDS, unitOf, valueWords } from "@/components/alerts/words";
import { LevelChart } from "@/components/charts/level-chart";
import { namesIn } from "@/components/sessions/filter-menu";
import { Panel, QueryState } from "@/components/shell/panel";
import { useScope } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { SCROLLABLE } from "@/components/ui/scrollable";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import type { RuleBody } from "@/lib/alerts/queries";
import type { BacktestAnswer } from "@/lib/alerts/rules-schema";
import { formatDuration } from "@/lib/format";
import { figureText } from "@/lib/metrics/figure";

export const BACKTEST_DAYS = [1, 7, 30] as const;
export type BacktestDays = (typeof BACKTEST_DAYS)[number];

type BacktestPanelProps = {
  query: UseQueryResult<BacktestAnswer, Error>;
  saved: BacktestAnswer | undefined;
  body: RuleBody;
  unit: string;
  days: BacktestDays;
  setDays: (days: BacktestDays) => void;
  isWrong: boolean;
  /** To choose a bound by. */
  slider?: ReactNode;
};

/** The metric against its bounds, and what the rule would have done. */
export function BacktestPanel(props: BacktestPanelProps) {
  const { query, days, setDays, isWrong } = props;
  return (
    <Panel
      title="History"
      hint={query.isFetching && !isWrong ? "working it out…" : "judged as it would be live"}
      actions={
        <Segmented
          label="How far back"
          size="sm"
          value={`${days}`}
          options={BACKTEST_DAYS.map((one) => ({ value: `${one}`, label: `${one} d` }))}
          onChange={(value) => setDays(BACKTEST_DAYS.find((one) => `${one}` === value) ?? 30)}
        />
      }
      flush
    >
      {isWrong ? (
        <p className="px-3 pb-3 text-ink-2">Shown once the sentence is complete.</p>
      ) : refusalOf(query.error) !== null ? (
        <p className="px-3 pb-3 text-ink-2">{refusalOf(query.error)}</p>
      ) : (
        <QueryState
          query={query}
          what="The history"
          height="min-h-72"
          loading={<Skeleton className="mx-3 h-72" />}
        >
          {(answer) => <Loaded {...props} answer={answer} />}
        </QueryState>
      )}
    </Panel>
  );
}

function Loaded({
  answer,
  saved,
  body,
  unit,
  days,
  slider,
}: BacktestPanelProps & { answer: BacktestAnswer }) {
  const { tz } = useScope();
  const nameOf = namesIn(useRuleFacets());
  const data = backtestSeries(answer, levelsOf(body), (agent) => nameOf("agent", agent));
  return (
    <div className="flex flex-col">
      <div className="flex flex-col gap-1 px-3 pb-3">
        <p aria-live="polite">{backtestWords(answer, days)}</p>
        {saved ? <p className="text-sm text-ink-2">{differenceWords(answer, saved)}</p> : null}
      </div>
      {data ? (
        <div className="px-3 pb-3">
          <LevelChart
            data={data}
            states={STATE_LOOKS}
            label="What the rule judges, over time"
            tz={tz}
            format={(value) => figureText(value, unitOf(unit))}
          />
          {answer.groups > answer.series.length ? (
            <p className="text-sm text-ink-3">
              The largest {answer.series.length} of {answer.groups} groups are drawn.
            </p>
          ) : null}
        </div>
      ) : null}
      {slider}
      <Episodes answer={answer} unit={unit} />
      {answer.limits.length > 0 ? (
        <ul className="border-t px-3 py-2 text-sm text-ink-3">
          {answer.limits.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

const CELL = "border-t px-3 py-1.5 align-top";
const WIDE = "max-sm:hidden";
const SHOWN = 8;

/** Each run it would have fired, the newest first, with the sessions behind it. */
function Episodes({ answer, unit }: { answer: BacktestAnswer; unit: string }) {
  const [isWhole, setWhole] = useState(false);
  const newest = answer.episodes.toReversed();
  const shown = isWhole ? newest : newest.slice(0, SHOWN);
  if (newest.length === 0) return null;
  return (
    <>
      <div {...SCROLLABLE} className="max-h-80 overflow-auto">
        <table aria-label="When it would have fired" className="w-full">
          <tbody>
            {shown.map((episode) => (
              <tr key={`${episode.opened_at} ${JSON.stringify(episode.labels)}`}>
                <td className={cx(CELL, "max-sm:w-full max-sm:max-w-0")}>
                  <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
                    <SeverityMark severity={episode.severity} compact />
                    <Time at={episode.opened_at} />
                  </span>
                  <span className="flex flex-col sm:hidden">
                    <LabelList labels={episode.labels} names={episode.names} />
                    <span className="text-sm text-ink-3">{lastedWords(episode)}</span>
                  </span>
                </td>
                <td className={cx(CELL, WIDE, "whitespace-nowrap")}>{lastedWords(episode)}</td>
                <td className={cx(CELL, WIDE, "w-full max-w-0")}>
                  <LabelList labels={episode.labels} names={episode.names} />
                </td>
                <td className={cx(CELL, "text-right whitespace-nowrap")}>
                  {valueWords(episode.peak, unit)}
                </td>
                <td className={cx(CELL, "text-right")}>
                  {episode.session_query === "" ? null : (
                    <Link
                      href={`/sessions?${episode.session_query}`}
                      className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
                    >
                      Sessions
                    </Link>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < newest.length ? (
        <div className="border-t p-2">
          <Button size="sm" variant="ghost" onClick={() => setWhole(true)}>
            Show all {newest.length}
            {answer.total > newest.length ? ` of ${answer.total}` : ""}
          </Button>
        </div>
      ) : null}
    </>
  );
}

type Episode = BacktestAnswer["episodes"][number];

function lastedWords({ opened_at, closed_at, close_reason }: Episode): string {
  if (closed_at === null) return "still open at the end";
  const lasted = formatDuration(Date.parse(closed_at) - Date.parse(opened_at));
  const isUsual = close_reason === null || close_reason === "recovered";
  return isUsual ? lasted : `${lasted}, ${CLOSE_WORDS[close_reason]}`;
}
