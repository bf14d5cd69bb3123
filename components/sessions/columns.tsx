"use client";
import type { ReactNode } from "react";
import { agentWords, cacheHitRatio, titleOf, tokensOf } from "@/components/sessions/figures";
import { OutcomeMark } from "@/components/sessions/outcome-mark";
import { Ago, Time } from "@/components/shell/time";
import { Mark } from "@/components/ui/mark";
import { Tag } from "@/components/ui/tag";
import {
  formatCents,
  formatCompact,
  formatCount,
  formatDuration,
  formatNanos,
  formatPercent,
} from "@/lib/format";
import type { SessionsQuery } from "@/lib/sessions/query-schema";
import type { SessionItem } from "@/lib/sessions/schema";

export type ColumnId =
  | "outcome"
  | "title"
  | "agent"
  | "started"
  | "duration"
  | "active"
  | "turns"
  | "tools"
  | "tokens"
  | "cost"
  | "list"
  | "drift"
  | "id"
  | "model"
  | "environment"
  | "deployment"
  | "source"
  | "waiting"
  | "threads"
  | "events"
  | "cache"
  | "errors"
  | "settled"
  | "last_event";

export type Column = {
  id: ColumnId;
  label: string;
  /** Pixels; the title takes what is left. */
  width: number;
  right?: true;
  sort?: SessionsQuery["sort"];
  /** Shown until the reader chooses otherwise. */
  initial?: true;
  cell: (session: SessionItem) => ReactNode;
};

const NONE = <span className="text-ink-3">–</span>;
const plain = (text: string | null) =>
  text === null ? NONE : <span className="truncate">{text}</span>;
const count = (value: number) =>
  value === 0 ? <span className="text-ink-3">0</span> : formatCount(value);

/** The computed cost; what could not be priced is said, never counted as nothing. */
export function Cost({ session }: { session: SessionItem }) {
  const { computed_nanos, unpriced_tokens } = session.cost;
  if (unpriced_tokens === 0) return formatNanos(computed_nanos);
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <Tag
        tone="wait"
        title={`${formatCount(unpriced_tokens)} tokens have no price`}
        className="min-w-0"
      >
        unpriced
      </Tag>
      {computed_nanos > 0 ? <span>{formatNanos(computed_nanos)}</span> : null}
    </span>
  );
}

function Tools({ session }: { session: SessionItem }) {
  if (session.tool_errors === 0) return count(session.tool_calls);
  return (
    <span className="inline-flex items-center gap-2">
      <Mark shape="cross" tone="fail" word={formatCount(session.tool_errors)} className="gap-0.5" />
      <span className="sr-only">failed of</span>
      {formatCount(session.tool_calls)}
    </span>
  );
}

function Drift({ session }: { session: SessionItem }) {
  const { drift_nanos, drift_causes } = session.cost;
  if (drift_nanos === null) return NONE;
  return <span title={drift_causes.join(", ") || undefined}>{formatNanos(drift_nanos)}</span>;
}

export const COLUMNS: readonly Column[] = [
  {
    id: "outcome",
    label: "Outcome",
    width: 152,
    initial: true,
    cell: (s) => <OutcomeMark outcome={s.outcome} />,
  },
  { id: "title", label: "Session", width: 240, initial: true, cell: (s) => titleOf(s) },
  { id: "agent", label: "Agent", width: 168, initial: true, cell: (s) => plain(agentWords(s)) },
  {
    id: "started",
    label: "Started",
    width: 112,
    initial: true,
    sort: "started_at",
    right: true,
    cell: (s) => <Time at={s.started_at} />,
  },
  {
    id: "duration",
    label: "Duration",
    width: 96,
    initial: true,
    sort: "duration",
    right: true,
    cell: (s) => formatDuration(s.duration_ms),
  },
  {
    id: "active",
    label: "Active",
    width: 96,
    initial: true,
    right: true,
    cell: (s) => formatDuration(s.active_ms),
  },
  {
    id: "turns",
    label: "Turns",
    width: 56,
    initial: true,
    right: true,
    cell: (s) => count(s.turns),
  },
  {
    id: "tools",
    label: "Tools",
    width: 88,
    initial: true,
    sort: "tool_errors",
    right: true,
    cell: (s) => <Tools session={s} />,
  },
  {
    id: "tokens",
    label: "Tokens",
    width: 76,
    initial: true,
    sort: "tokens",
    right: true,
    cell: (s) => formatCompact(tokensOf(s)),
  },
  {
    id: "cost",
    label: "Cost",
    width: 88,
    initial: true,
    sort: "cost",
    right: true,
    cell: (s) => <Cost session={s} />,
  },
  {
    id: "list",
    label: "List cost",
    width: 80,
    initial: true,
    right: true,
    cell: (s) => (s.cost.list_cost_cents === null ? NONE : formatCents(s.cost.list_cost_cents)),
  },
  {
    id: "drift",
    label: "Drift",
    width: 80,
    initial: true,
    right: true,
    cell: (s) => <Drift session={s} />,
  },
  {
    id: "id",
    label: "Id",
    width: 200,
    cell: (s) => <span className="truncate font-mono text-sm">{s.id}</span>,
  },
  { id: "model", label: "Model", width: 144, cell: (s) => plain(s.model) },
  { id: "environment", label: "Environment", width: 136, cell: (s) => plain(s.environment_id) },
  { id: "deployment", label: "Deployment", width: 136, cell: (s) => plain(s.deployment_id) },
  { id: "source", label: "Source", width: 72, cell: (s) => plain(s.source) },
  {
    id: "waiting",
    label: "Waiting",
    width: 96,
    right: true,
    cell: (s) => (s.waiting_ms === 0 ? NONE : formatDuration(s.waiting_ms)),
  },
  { id: "threads", label: "Threads", width: 68, right: true, cell: (s) => count(s.threads) },
  { id: "events", label: "Events", width: 72, right: true, cell: (s) => count(s.events) },
  {
    id: "cache",
    label: "Cache hit",
    width: 76,
    right: true,
    cell: (s) => formatPercent(cacheHitRatio(s)),
  },
  {
    id: "errors",
    label: "Errors",
    width: 152,
    cell: (s) => plain(s.errors.map((e) => `${e.type} ×${e.count}`).join(", ") || null),
  },
  {
    id: "settled",
    label: "Settled",
    width: 112,
    sort: "settled_at",
    right: true,
    cell: (s) => <Time at={s.settled_at} />,
  },
  {
    id: "last_event",
    label: "Last event",
    width: 96,
    sort: "last_event_at",
    right: true,
    cell: (s) => <Ago at={s.last_event_at} />,
  },
];
