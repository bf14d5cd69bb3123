"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { EpisodeCourse } from "@/components/alerts/episode-course";
import { EpisodeNotes } from "@/components/alerts/episode-notes";
import { EpisodeSessions } from "@/components/alerts/episode-sessions";
import { EpisodeTimeline } from "@/components/alerts/episode-timeline";
import { EpisodesTable } from "@/components/alerts/episodes-table";
import { LabelList } from "@/components/alerts/label-list";
import { SeverityMark } from "@/components/alerts/marks";
import { useAcknowledge } from "@/components/alerts/use-acknowledge";
import { CLOSE_WORDS, valueWords } from "@/components/alerts/words";
import { SilenceMenu } from "@/components/notify/silence-menu";
import { useLiveInterval } from "@/components/shell/live";
import { errorWords, Panel, QueryState } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { Ago, Lasting, Time } from "@/components/shell/time";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Facts } from "@/components/ui/facts";
import { Mark } from "@/components/ui/mark";
import { Tag } from "@/components/ui/tag";
import { parseDuration } from "@/lib/alerts/duration";
import type { EpisodeDetail } from "@/lib/alerts/episode-schema";
import { alertsNow, episodeDetail } from "@/lib/alerts/queries";
import { formatDuration, plain } from "@/lib/format";

const LIVE_MS = 5_000;

/** One run of an alert from its opening to its close: what happened, who is behind it, what was done. */
export function EpisodeView({ id }: { id: string }) {
  const query = useQuery({ ...episodeDetail(id), refetchInterval: useLiveInterval(LIVE_MS) });
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <QueryState query={query} what="The episode" height="min-h-[60vh]">
        {(episode) => <Loaded episode={episode} />}
      </QueryState>
    </div>
  );
}

function Loaded({ episode }: { episode: EpisodeDetail }) {
  return (
    <div className="flex flex-col gap-3">
      <Head episode={episode} />
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-3">
          <EpisodeCourse episode={episode} />
          <Panel title="What happened" hint="oldest first" flush>
            <EpisodeTimeline episode={episode} />
          </Panel>
          {episode.similar.length > 0 ? (
            <Panel title="Earlier ones of the same alert" flush>
              <EpisodesTable episodes={episode.similar} label="Earlier episodes" />
            </Panel>
          ) : null}
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <EpisodeSessions episode={episode} />
          <EpisodeNotes episode={episode} />
          <InForce episode={episode} />
        </div>
      </div>
    </div>
  );
}

function Head({ episode }: { episode: EpisodeDetail }) {
  const href = useHref();
  const { rule_id, rule_name, labels, names, severity, condition, closed_at, late } = episode;
  return (
    <header className="flex flex-col gap-1">
      <Link
        href={href("/alerts")}
        className="self-start text-sm text-ink-3 underline-offset-2 hover:text-ink hover:underline"
      >
        Alerts
      </Link>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-lg font-semibold wrap-anywhere">
          <Link
            href={href(`/alerts/rules/${encodeURIComponent(rule_id)}`)}
            className="hover:underline"
          >
            {plain(rule_name)}
          </Link>
        </h1>
        <SeverityMark severity={severity} />
        {closed_at === null ? (
          <Mark shape="cross" tone="fail" word="Firing" pulse />
        ) : (
          <Mark shape="check" tone="ok" word="Closed" />
        )}
        <Silenced episode={episode} />
        {late ? <Tag title="found while catching up after a standstill">late</Tag> : null}
        <span className="ml-auto flex flex-wrap items-center gap-2">
          <Acknowledge episode={episode} />
          {closed_at === null ? (
            <SilenceMenu ruleId={rule_id} labels={labels} name={rule_name} />
          ) : null}
        </span>
      </div>
      <LabelList labels={labels} names={names} />
      <p className="wrap-anywhere text-ink-2">
        {condition}. <Span episode={episode} />
      </p>
    </header>
  );
}

/** Whether a silence keeps it back at this moment. */
function Silenced({ episode: { id, closed_at } }: { episode: EpisodeDetail }) {
  const href = useHref();
  const { data } = useQuery({ ...alertsNow(), enabled: closed_at === null });
  const alert = data?.data.find(({ episode_id }) => episode_id === id);
  if (closed_at !== null || !alert?.silenced) return null;
  return (
    <Link href={href("/alerts/silences", { state: "active" })} className="hover:underline">
      <Tag>silenced</Tag>
    </Link>
  );
}

function Span({ episode: { opened_at, closed_at, close_reason } }: { episode: EpisodeDetail }) {
  if (closed_at === null)
    return (
      <>
        Open since <Time at={opened_at} style="dayMinute" />, for <Lasting since={opened_at} />.
      </>
    );
  const lasted = formatDuration(Date.parse(closed_at) - Date.parse(opened_at));
  return (
    <>
      <Time at={opened_at} style="dayMinute" /> – <Time at={closed_at} style="minute" />, {lasted},
      closed: {close_reason === null ? "for no reason told" : CLOSE_WORDS[close_reason]}.
    </>
  );
}

function Acknowledge({ episode }: { episode: EpisodeDetail }) {
  const { id, acknowledged_by: by, acknowledged_at: at, closed_at } = episode;
  const acknowledge = useAcknowledge(id);
  const error = acknowledge.error ? (
    <span role="alert" className="text-fail">
      {errorWords(acknowledge.error)}
    </span>
  ) : null;
  if (by !== null)
    return (
      <>
        <span className="text-ink-2">
          <Mark shape="check" tone="ok" word={`acknowledged by ${by}`} /> <Ago at={at} />
        </span>
        {closed_at === null ? (
          <Needs scope="write">
            <Button disabled={acknowledge.isPending} onClick={() => acknowledge.mutate(false)}>
              Take it back
            </Button>
          </Needs>
        ) : null}
        {error}
      </>
    );
  if (closed_at !== null) return null;
  return (
    <>
      <Needs scope="write">
        <Button
          variant="primary"
          disabled={acknowledge.isPending}
          onClick={() => acknowledge.mutate(true)}
        >
          Acknowledge
        </Button>
      </Needs>
      {error}
    </>
  );
}

/** The rule as it was when this opened. */
function InForce({ episode }: { episode: EpisodeDetail }) {
  const href = useHref();
  const { rule, rule_id, rule_version, peak, unit, window } = episode;
  const runbook = rule?.runbook_url;
  return (
    <Panel title="Rule in force" hint={`version ${rule_version}`}>
      <Facts
        rows={[
          [
            "Rule",
            <Link
              key="rule"
              className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
              href={href(`/alerts/rules/${encodeURIComponent(rule_id)}`)}
            >
              {plain(rule?.name ?? rule_id)}
            </Link>,
          ],
          ["Fires after", rule ? lengthWords(rule.for, "at once") : null],
          [
            "Judged every",
            rule ? `${lengthWords(rule.every)}, with ${lengthWords(rule.delay, "no")} delay` : null,
          ],
          ["Worst value", valueWords(peak, unit)],
          [
            "First window",
            <span key="window">
              <Time at={window.from} /> – <Time at={window.to} />
            </span>,
          ],
          ["Owner", rule?.owner ?? null],
          [
            "Runbook",
            runbook ? (
              <a
                key="runbook"
                href={runbook}
                rel="noreferrer"
                target="_blank"
                className="break-all underline underline-offset-2"
              >
                {runbook}
              </a>
            ) : null,
          ],
          ["About it", rule?.annotations.description ?? null],
        ]}
      />
    </Panel>
  );
}

const lengthWords = (text: string, none = "0 s") => {
  const ms = parseDuration(text);
  return ms === 0 ? none : formatDuration(ms);
};
