"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { EndingSilences } from "@/components/alerts/ending-silences";
import { episodeParams } from "@/components/alerts/episode-filter";
import { EpisodeFilters } from "@/components/alerts/episode-filters";
import { EpisodesTable } from "@/components/alerts/episodes-table";
import { FiringGroups } from "@/components/alerts/firing-groups";
import { PendingList } from "@/components/alerts/pending-list";
import { useLiveInterval } from "@/components/shell/live";
import { MoreButton } from "@/components/shell/more-button";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useUrlState } from "@/components/shell/scope";
import { Needs } from "@/components/shell/viewer";
import { buttonClass } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import type { AlertItem, AlertsPage } from "@/lib/alerts/episode-schema";
import { alertsNow, episodesList } from "@/lib/alerts/queries";
import { formatPlural } from "@/lib/format";

const LIVE_MS = 5_000;

/** What fires now, what may soon, and what did. */
export function AlertsView() {
  const href = useHref();
  const query = useQuery({ ...alertsNow(), refetchInterval: useLiveInterval(LIVE_MS) });
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="mr-auto text-lg font-semibold">Alerts</h1>
        <Needs scope="write">
          <Link href={href("/alerts/rules/new")} className={buttonClass()}>
            New rule
          </Link>
        </Needs>
      </header>
      <EndingSilences />
      <QueryState query={query} what="The alerts" height="min-h-40">
        {(page) => <Now page={page} />}
      </QueryState>
      <Episodes />
    </div>
  );
}

const isOpen = ({ state }: AlertItem) => state !== "pending" && state !== "inactive";

function Now({ page }: { page: AlertsPage }) {
  const firing = page.data.filter(isOpen);
  const pending = page.data.filter(({ state }) => state === "pending");
  return (
    <div className="flex flex-col gap-3">
      <section aria-label="Firing now" className="flex flex-col gap-2">
        <h2 className="text-base font-semibold">
          Firing now{" "}
          <span className="font-normal text-ink-3">
            {page.firing > firing.length ? `${firing.length} of ${page.firing}` : null}
          </span>
        </h2>
        {firing.length === 0 ? (
          <p className="rounded-lg border bg-surface px-3 py-2">
            <Mark shape="check" tone="ok" word="Nothing fires." />
          </p>
        ) : (
          <FiringGroups alerts={firing} />
        )}
      </section>
      {pending.length > 0 ? (
        <Panel title="Pending" hint={`${formatPlural(pending.length, "alert")} on the way`} flush>
          <PendingList alerts={pending} />
        </Panel>
      ) : null}
    </div>
  );
}

function Episodes() {
  const { params, set } = useUrlState();
  const query = useInfiniteQuery({
    ...episodesList(episodeParams(params)),
    refetchInterval: useLiveInterval(LIVE_MS * 3),
  });
  const isFiltered = episodeParams(params) !== "";
  return (
    <Panel
      title="Episodes"
      hint="newest first"
      actions={<EpisodeFilters params={params} set={set} />}
      flush
    >
      <QueryState
        query={query}
        what="The episodes"
        height="min-h-40"
        empty={{
          when: ({ pages }) => pages.every(({ data }) => data.length === 0),
          title: isFiltered ? "No episode is like that." : "No alert has fired yet.",
          children: isFiltered
            ? undefined
            : "Once a rule fires, each run from its opening to its close stands here.",
        }}
      >
        {({ pages }) => (
          <>
            <EpisodesTable episodes={pages.flatMap(({ data }) => data)} label="Episodes" />
            <MoreButton pages={query} />
          </>
        )}
      </QueryState>
    </Panel>
  );
}
