"use client";
import Link from "next/link";
import { Panel } from "@/components/shell/panel";
import { useHref } from "@/components/shell/scope";
import { buttonClass } from "@/components/ui/button";
import type { EpisodeDetail } from "@/lib/alerts/episode-schema";
import { formatPlural, plain } from "@/lib/format";

const SHOWN = 8;
/** No more are stored with an episode; the list finds them all. */
const MOST_STORED = 200;

/** Who is behind it, as stored with the episode; the whole list by the same question. */
export function EpisodeSessions({ episode }: { episode: EpisodeDetail }) {
  const href = useHref();
  const { session_ids: ids, session_query: query, sessions } = episode;
  return (
    <Panel
      title="Sessions behind it"
      hint={
        sessions >= MOST_STORED
          ? `the first ${MOST_STORED}`
          : sessions > 0
            ? formatPlural(sessions, "session")
            : undefined
      }
      actions={
        query === "" ? null : (
          <Link href={`/sessions?${query}`} className={buttonClass("default", "sm")}>
            Open the list
          </Link>
        )
      }
      flush
    >
      {ids.length === 0 ? (
        <p className="px-3 pb-3 text-ink-2">
          {query === "" ? "Sessions have nothing to do with it." : "None is stored with it."}
        </p>
      ) : (
        <ul>
          {ids.slice(0, SHOWN).map((id) => (
            <li
              key={id}
              className="relative flex min-h-8 items-center border-t px-3 hover:bg-hover"
            >
              <Link
                href={href(`/sessions/${encodeURIComponent(id)}`)}
                className="truncate font-mono text-sm after:absolute after:inset-0"
              >
                {plain(id)}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {ids.length > SHOWN ? (
        <p className="border-t px-3 py-2 text-sm text-ink-3">
          and {ids.length - SHOWN} more in the list
        </p>
      ) : null}
    </Panel>
  );
}
