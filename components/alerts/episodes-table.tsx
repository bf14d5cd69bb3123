"use client";
import Link from "next/link";
import { LabelList } from "@/components/alerts/label-list";
import { SeverityMark } from "@/components/alerts/marks";
import { CLOSE_WORDS, valueWords } from "@/components/alerts/words";
import { useHref } from "@/components/shell/scope";
import { Lasting, Time } from "@/components/shell/time";
import { cx } from "@/components/ui/cx";
import { Mark } from "@/components/ui/mark";
import type { EpisodeItem } from "@/lib/alerts/episode-schema";
import { formatCount, formatDuration, plain } from "@/lib/format";

const CELL = "border-b px-3 py-2 align-top group-last/row:border-b-0";
const FIGURE = `${CELL} text-right whitespace-nowrap`;
const HEAD = "h-8 border-b px-3 text-sm font-normal whitespace-nowrap text-ink-3";
const WIDE = "max-md:hidden";

/** Episodes, each leading to its page. */
export function EpisodesTable({
  episodes,
  label,
}: {
  episodes: readonly EpisodeItem[];
  label: string;
}) {
  return (
    <table aria-label={label} className="w-full">
      <thead>
        <tr>
          <th scope="col" className={cx(HEAD, "text-left")}>
            Alert
          </th>
          <th scope="col" className={cx(HEAD, WIDE, "text-left")}>
            Severity
          </th>
          <th scope="col" className={cx(HEAD, "text-right")}>
            Opened
          </th>
          <th scope="col" className={cx(HEAD, WIDE, "text-right")}>
            Lasted
          </th>
          <th scope="col" className={cx(HEAD, WIDE, "text-right")}>
            Peak
          </th>
          <th scope="col" className={cx(HEAD, WIDE, "text-right")}>
            Sessions
          </th>
          <th scope="col" className={cx(HEAD, WIDE, "text-left")}>
            How it ended
          </th>
        </tr>
      </thead>
      <tbody>
        {episodes.map((episode) => (
          <Row key={episode.id} episode={episode} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ episode }: { episode: EpisodeItem }) {
  const href = useHref();
  return (
    <tr className="group/row relative hover:bg-hover">
      <th scope="row" className={cx(CELL, "w-full max-w-0 text-left font-normal")}>
        <Link
          href={href(`/alerts/episodes/${encodeURIComponent(episode.id)}`)}
          className="font-medium wrap-anywhere after:absolute after:inset-0"
        >
          {plain(episode.rule_name)}
        </Link>
        <p>
          <LabelList labels={episode.labels} names={episode.names} />
        </p>
        <p className="flex flex-wrap gap-x-3 text-sm text-ink-2 md:hidden">
          <SeverityMark severity={episode.severity} />
          <span>
            <Lasted episode={episode} /> · {valueWords(episode.peak, episode.unit)}
          </span>
          <Ended episode={episode} />
        </p>
      </th>
      <td className={cx(CELL, WIDE, "whitespace-nowrap")}>
        <SeverityMark severity={episode.severity} />
      </td>
      <td className={FIGURE}>
        <Time at={episode.opened_at} />
      </td>
      <td className={cx(FIGURE, WIDE)}>
        <Lasted episode={episode} />
      </td>
      <td className={cx(FIGURE, WIDE)}>{valueWords(episode.peak, episode.unit)}</td>
      <td className={cx(FIGURE, WIDE)}>{formatCount(episode.sessions)}</td>
      <td className={cx(CELL, WIDE, "min-w-44")}>
        <Ended episode={episode} />
      </td>
    </tr>
  );
}

function Lasted({ episode }: { episode: EpisodeItem }) {
  if (episode.closed_at === null) return <Lasting since={episode.opened_at} />;
  return <>{formatDuration(Date.parse(episode.closed_at) - Date.parse(episode.opened_at))}</>;
}

function Ended({ episode }: { episode: EpisodeItem }) {
  if (episode.closed_at === null)
    return episode.acknowledged_by === null ? (
      <Mark shape="cross" tone="fail" word="still firing" />
    ) : (
      <Mark shape="check" tone="wait" word={`open, seen by ${episode.acknowledged_by}`} />
    );
  const { close_reason: reason } = episode;
  return <span className="text-ink-2">{reason === null ? "closed" : CLOSE_WORDS[reason]}</span>;
}
