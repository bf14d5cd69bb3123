"use client";
import { ExternalLink } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { agentPath } from "@/components/agents/path";
import { agentWords, cacheHitRatio, titleOf } from "@/components/sessions/figures";
import { outcomeLook } from "@/components/sessions/outcomes";
import { Hidden } from "@/components/shell/hidden";
import { OpenContent } from "@/components/shell/open-content";
import { useHref } from "@/components/shell/scope";
import { Lasting, Time } from "@/components/shell/time";
import { Needs, useMay } from "@/components/shell/viewer";
import { CostLine } from "@/components/trace/cost-line";
import { EventsDownload } from "@/components/trace/events-download";
import { useTrace } from "@/components/trace/trace-context";
import { buttonClass } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Mark } from "@/components/ui/mark";
import { Tag } from "@/components/ui/tag";
import { formatCompact, formatDuration, formatPercent, plain } from "@/lib/format";
import { outcomeReason } from "@/lib/sessions/reason";
import type { SessionItem } from "@/lib/sessions/schema";

/** What became of the session and why, who ran it, how long, and what it cost. */
export function SessionHeader() {
  const { data } = useTrace();
  const { item } = data;
  return (
    <header className="flex flex-col gap-1 border-b bg-surface px-3 py-2 lg:px-4">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
        <div className="flex min-w-0 flex-1 basis-72 flex-wrap items-center gap-x-3 gap-y-0.5">
          <h1
            className="line-clamp-2 min-w-0 max-w-full text-lg font-semibold wrap-anywhere"
            title={titleOf(item)}
          >
            {titleOf(item)}
          </h1>
          <Outcome item={item} />
        </div>
        <Actions item={item} />
      </div>
      <Identity item={item} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-0.5">
        <CostLine item={item} />
        <Tokens item={item} />
      </div>
    </header>
  );
}

function Outcome({ item }: { item: SessionItem }) {
  const mayRead = useMay("read");
  const look = outcomeLook(item.outcome);
  const reason = outcomeReason(item);
  const since = item.outcome === "waiting" ? item.outcome_detail?.since : undefined;
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-1.5">
      <Mark
        shape={look.shape}
        tone={look.tone}
        pulse={look.pulse}
        word={look.word}
        className="font-medium"
      />
      {reason ? <span className="min-w-0 wrap-anywhere text-ink-2">– {plain(reason)}</span> : null}
      {mayRead ? null : <Hidden what="title and reason" />}
      {since ? (
        <span className="text-ink-2">
          for <Lasting since={since} />
        </span>
      ) : null}
      {item.outcome_detail?.reported ? (
        <Tag title="The loop that ran it stated this outcome itself">reported</Tag>
      ) : null}
    </p>
  );
}

function Actions({ item }: { item: SessionItem }) {
  return (
    <div className="flex flex-wrap items-center gap-1">
      <CopyButton text={() => window.location.href} label="Copy a link to this view" word="Link" />
      <Needs scope="read">
        <EventsDownload item={item} />
      </Needs>
      <OpenContent size="sm" />
      {item.console_url ? (
        <a
          href={item.console_url}
          target="_blank"
          rel="noreferrer"
          className={buttonClass("default", "sm")}
        >
          <ExternalLink size={14} aria-hidden />
          Open in Console
        </a>
      ) : null}
    </div>
  );
}

function Identity({ item }: { item: SessionItem }) {
  const metadata = Object.entries(item.metadata);
  const href = useHref();
  const { id: agentId } = item.agent;
  const agent =
    agentId === null ? null : (
      <Link
        href={href(agentPath(agentId))}
        className="underline decoration-line-strong underline-offset-2 hover:text-ink"
      >
        {agentWords(item)}
      </Link>
    );
  const facts: [string, ReactNode][] = [
    ["agent", agent ?? agentWords(item)],
    ["model", item.model],
    ["environment", item.environment_id],
    ["deployment", item.deployment_id],
    ["started", item.started_at ? <Time key="at" at={item.started_at} style="full" /> : null],
    ["time", `${formatDuration(item.active_ms)} active of ${formatDuration(item.duration_ms)}`],
  ];
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-ink-2">
      {item.source === "demo" ? <Tag title="Made by the demo simulator">demo</Tag> : null}
      {item.deleted_at ? <Tag tone="stop">deleted on the platform</Tag> : null}
      {item.archived_at ? <Tag>archived</Tag> : null}
      {facts.map(([name, value]) =>
        value === null ? null : (
          <span key={name} title={name} className="flex max-w-72 gap-x-2">
            <span className="truncate">{value}</span>
            <span aria-hidden className="text-ink-3">
              ·
            </span>
          </span>
        ),
      )}
      <span className="inline-flex min-w-0 items-center">
        <span className="truncate font-mono text-sm">{item.id}</span>
        <CopyButton text={item.id} label="Copy the session's id" />
      </span>
      {metadata.slice(0, 6).map(([key, value]) => (
        <Tag key={key} mono title={`${key} = ${value}`} className="max-w-60">
          {plain(key)}={value}
        </Tag>
      ))}
      {metadata.length > 6 ? <Tag>+{metadata.length - 6} in Details</Tag> : null}
    </div>
  );
}

function Tokens({ item }: { item: SessionItem }) {
  const { usage } = item;
  const parts = [
    [usage.input_tokens, "input"],
    [usage.cache_read_tokens, "cache read"],
    [usage.cache_write_5m_tokens, "cache write 5m"],
    [usage.cache_write_1h_tokens, "cache write 1h"],
    [usage.output_tokens, "output"],
  ] as const;
  const hit = cacheHitRatio(item);
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-ink-2">
      <span className="text-ink-3">Tokens</span>
      {parts.map(([count, word]) =>
        count === 0 && word.startsWith("cache") ? null : (
          <span key={word}>
            {formatCompact(count)} <span className="text-ink-3">{word}</span>
          </span>
        ),
      )}
      {hit === null ? null : (
        <span title="Share of the prompt that was read from the cache">
          {formatPercent(hit)} <span className="text-ink-3">cache hit</span>
        </span>
      )}
    </p>
  );
}
