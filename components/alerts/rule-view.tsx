"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { RuleBuilder } from "@/components/alerts/lazy-builder";
import { StatusMark } from "@/components/alerts/marks";
import { RuleActions } from "@/components/alerts/rule-actions";
import { RuleHealth } from "@/components/alerts/rule-health";
import { VersionsPanel } from "@/components/alerts/versions-panel";
import { useLiveInterval } from "@/components/shell/live";
import { Panel, QueryState } from "@/components/shell/panel";
import { useHref, useUrlState } from "@/components/shell/scope";
import { Ago } from "@/components/shell/time";
import { useMay } from "@/components/shell/viewer";
import { ruleDetail } from "@/lib/alerts/queries";
import type { RuleItem } from "@/lib/alerts/rules-schema";
import { conditionWords } from "@/lib/alerts/words";
import { formatPlural, plain } from "@/lib/format";

const LIVE_MS = 10_000;

/** One rule: how it stands, the sentence to change it by, and how it came to be. */
export function RuleView({ id }: { id: string }) {
  const { params } = useUrlState();
  const tried = params.get("for");
  const mayRead = useMay("read");
  const query = useQuery({ ...ruleDetail(id), refetchInterval: useLiveInterval(LIVE_MS) });
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <QueryState query={query} what="The rule" height="min-h-[60vh]">
        {(rule) => (
          <div className="flex flex-col gap-3">
            <Head rule={rule} />
            {mayRead ? (
              <RuleBuilder
                key={id}
                saved={rule}
                given={rule}
                {...(tried ? { tried: { for: tried } } : {})}
              />
            ) : (
              <Panel title="When it fires">{plain(conditionWords(rule))}</Panel>
            )}
            <VersionsPanel id={id} version={rule.version} />
          </div>
        )}
      </QueryState>
    </div>
  );
}

function Head({ rule }: { rule: RuleItem }) {
  const href = useHref();
  return (
    <header className="flex flex-col gap-1">
      <Link
        href={href("/alerts/rules")}
        className="self-start text-sm text-ink-3 underline-offset-2 hover:text-ink hover:underline"
      >
        Rules
      </Link>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-lg font-semibold wrap-anywhere">{plain(rule.name)}</h1>
        {rule.paused ? null : <StatusMark status={rule.state} />}
        <span className="mr-auto">
          <RuleHealth rule={rule} />
        </span>
        <RuleActions rule={rule} />
      </div>
      <p className="text-sm text-ink-2">
        <Link
          href={href("/alerts", { rule: rule.id })}
          className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
        >
          {formatPlural(rule.fired_7d, "episode")} in 7 days
        </Link>
        {rule.evaluated_at === null ? (
          ", not judged yet"
        ) : (
          <>
            , last judged <Ago at={rule.evaluated_at} />
          </>
        )}
        , version {rule.version}
      </p>
    </header>
  );
}
