"use client";
import { X } from "lucide-react";
import Link from "next/link";
import { Cost } from "@/components/sessions/columns";
import { agentWords, cacheHitRatio, titleOf, tokensOf } from "@/components/sessions/figures";
import { OutcomeMark } from "@/components/sessions/outcome-mark";
import { OpenContent } from "@/components/shell/open-content";
import { Ago, Lasting, Time } from "@/components/shell/time";
import { useMay } from "@/components/shell/viewer";
import { buttonClass, IconButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Facts } from "@/components/ui/facts";
import { Kbd } from "@/components/ui/kbd";
import { Notice } from "@/components/ui/notice";
import {
  formatCents,
  formatCompact,
  formatCount,
  formatDuration,
  formatNanos,
  formatPercent,
} from "@/lib/format";
import type { SessionItem } from "@/lib/sessions/schema";

type PreviewProps = { session: SessionItem; href: string; onClose: () => void };

/** What the list knows of one session, without leaving the list. */
export function Preview({ session, href, onClose }: PreviewProps) {
  return (
    <aside
      aria-label={`Preview of ${titleOf(session)}`}
      className="flex w-full shrink-0 flex-col overflow-auto border-line bg-surface max-lg:absolute max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-20 max-lg:max-h-[70%] max-lg:border-t lg:w-88 lg:border-l"
    >
      <header className="sticky top-0 flex items-start gap-2 border-b bg-surface p-3">
        <div className="min-w-0 flex-1">
          <OutcomeMark outcome={session.outcome} />
          <h2 className="mt-1 wrap-anywhere text-md font-semibold">{titleOf(session)}</h2>
        </div>
        <IconButton label="Close the preview" shortcut="esc" size="sm" onClick={onClose}>
          <X size={14} aria-hidden />
        </IconButton>
      </header>
      <div className="flex flex-col gap-4 p-3">
        <Why session={session} />
        <Facts rows={identityRows(session)} />
        <Facts rows={workRows(session)} />
        <Facts rows={costRows(session)} />
        <Link href={href} className={buttonClass("primary")}>
          Open the session
          <Kbd keys="enter" />
        </Link>
      </div>
    </aside>
  );
}

/** Why it stands as it does, in a sentence. */
function Why({ session }: { session: SessionItem }) {
  const detail = session.outcome_detail;
  const reason = detail?.reason ?? detail?.message ?? detail?.explanation ?? null;
  const waiting = session.outcome === "waiting" && detail?.since ? detail.since : null;
  const isHidden = !useMay("read") && detail !== null;
  if (!reason && !waiting && !isHidden) return null;
  const failed = ["outcome_failed", "retries_exhausted", "refused", "terminated"].includes(
    session.outcome,
  );
  return (
    <Notice
      tone={failed ? "fail" : waiting ? "wait" : "quiet"}
      action={isHidden ? <OpenContent size="sm" /> : null}
    >
      {isHidden ? "Why is hidden for your role." : reason}
      {waiting ? (
        <p>
          for <Lasting since={waiting} />
        </p>
      ) : null}
    </Notice>
  );
}

type Rows = Parameters<typeof Facts>[0]["rows"];

function identityRows(session: SessionItem): Rows {
  return [
    [
      "Id",
      <span key="id" className="flex items-center gap-1">
        <span className="truncate font-mono text-sm">{session.id}</span>
        <CopyButton text={session.id} label="Copy the id" />
      </span>,
    ],
    ["Agent", agentWords(session)],
    ["Model", session.model],
    ["Environment", session.environment_id],
    ["Deployment", session.deployment_id],
    ["Source", session.source],
    ...Object.entries(session.metadata).map(([key, value]) => [key, value] as const),
  ];
}

function workRows(session: SessionItem): Rows {
  const errors = session.errors.map((error) => `${error.type} ×${error.count}`).join(", ");
  return [
    ["Started", <Time key="started" at={session.started_at} style="full" />],
    ["Last event", <Ago key="last" at={session.last_event_at} />],
    [
      "Duration",
      `${formatDuration(session.duration_ms)}, active ${formatDuration(session.active_ms)}`,
    ],
    ["Waited", session.waiting_ms > 0 ? formatDuration(session.waiting_ms) : null],
    [
      "Turns",
      `${formatCount(session.turns)} in ${formatCount(session.threads)} ${session.threads === 1 ? "thread" : "threads"}`,
    ],
    ["Model requests", formatCount(session.model_requests)],
    [
      "Tool calls",
      `${formatCount(session.tool_calls)}, ${formatCount(session.tool_errors)} failed, ${formatCount(session.tool_denials)} denied`,
    ],
    ["Errors", errors === "" ? null : errors],
  ];
}

function costRows(session: SessionItem): Rows {
  const { cost } = session;
  return [
    ["Cost", <Cost key="cost" session={session} />],
    ["Tokens", `${formatNanos(cost.tokens_nanos)} for ${formatCompact(tokensOf(session))}`],
    ["Runtime", formatNanos(cost.runtime_nanos)],
    ["Web searches", cost.web_search_nanos > 0 ? formatNanos(cost.web_search_nanos) : null],
    ["List cost", cost.list_cost_cents === null ? null : formatCents(cost.list_cost_cents)],
    ["Drift", cost.drift_nanos === null ? null : formatNanos(cost.drift_nanos)],
    ["Cache hit", formatPercent(cacheHitRatio(session))],
  ];
}
