"use client";
import type { ReactNode } from "react";
import { Lasting, Time } from "@/components/shell/time";
import { spanTitle, stateWord } from "@/components/trace/span-words";
import { useTrace } from "@/components/trace/trace-context";
import type { Selected } from "@/components/trace/use-selected";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Facts } from "@/components/ui/facts";
import { formatBytes, formatCount, formatDuration, formatNanosExact } from "@/lib/format";
import { numberAt, textAt } from "@/lib/sessions/payload";
import type { SpanItem } from "@/lib/sessions/schema";
import { microsFromIso } from "@/lib/time/micros";

type Rows = (readonly [string, ReactNode])[];

/** Times, tokens, cost and standing of what is selected. */
export function InspectorFacts({ selected }: { selected: Selected }) {
  const { nameOf, data } = useTrace();
  const { event, span, approval, parent } = selected;
  const rows: Rows = [
    ["State", span && span.kind !== "turn" ? stateWord(span) : null],
    ["Thread", nameOf(span?.thread_id ?? event?.session_thread_id ?? null)],
    ...timeRows(selected, data.live),
    ...approvalRows(approval, data.live),
    ...usageRows(span),
    ...toolRows(span),
    ["Part of", parent ? <PartOf key="parent" span={parent} /> : null],
    ["Event", event ? <Id key="id" id={event.id} /> : null],
    [
      "Type",
      event ? (
        <span key="type" className="font-mono text-sm">
          {event.type}
        </span>
      ) : null,
    ],
  ];
  return <Facts rows={rows} />;
}

function timeRows({ event, span }: Selected, live: boolean): Rows {
  if (!span || span.kind === "turn" || span.started_at === span.ended_at) {
    return [["At", event?.at ? <Exact key="at" at={event.at} /> : "not taken in yet"]];
  }
  const since = span.started_at;
  return [
    ["Started", since ? <Exact key="from" at={since} /> : "not known"],
    ["Ended", span.ended_at ? <Exact key="to" at={span.ended_at} /> : null],
    [
      "Duration",
      span.duration_ms !== null ? (
        formatDuration(span.duration_ms)
      ) : since && live && span.state === "open" ? (
        <Lasting key="lasting" since={since} />
      ) : (
        "no end known"
      ),
    ],
  ];
}

function approvalRows(approval: SpanItem | null, live: boolean): Rows {
  if (!approval) return [];
  const result = textAt(approval.attributes, "result");
  const waited =
    approval.duration_ms !== null ? (
      formatDuration(approval.duration_ms)
    ) : approval.started_at && live ? (
      <Lasting since={approval.started_at} />
    ) : (
      "–"
    );
  const word = result === "allow" ? "allowed" : result === "deny" ? "denied" : "not answered";
  return [
    ["Approval", `${word}${result === null ? "" : " by a human"}`],
    ["Waited", waited],
    ["Reason given", textAt(approval.attributes, "deny_message")],
  ];
}

function usageRows(span: SpanItem | null): Rows {
  if (!span?.usage) return [];
  const { usage } = span;
  const firstMs = numberAt(span.attributes, "ttfo_ms");
  const seconds = span.duration_ms === null ? 0 : span.duration_ms / 1000;
  return [
    ["Cost", span.cost_nanos === null ? "no price known" : formatNanosExact(span.cost_nanos)],
    [
      "Priced",
      span.kind === "outcome_evaluation" && span.cost_nanos !== null
        ? "as the thread's model; the grader's own is not told"
        : null,
    ],
    ["Input tokens", formatCount(usage.input_tokens)],
    ["Cache read", usage.cache_read_tokens > 0 ? formatCount(usage.cache_read_tokens) : null],
    ["Cache write", usage.cache_write_tokens > 0 ? formatCount(usage.cache_write_tokens) : null],
    ["Output tokens", formatCount(usage.output_tokens)],
    ["First output", firstMs === null ? null : `after ${formatDuration(firstMs)}`],
    [
      "Speed",
      seconds > 0 ? `${formatCount(Math.round(usage.output_tokens / seconds))} tokens/s` : null,
    ],
  ];
}

function toolRows(span: SpanItem | null): Rows {
  if (span?.kind !== "tool") return [];
  const { attributes } = span;
  const bytesIn = numberAt(attributes, "input_bytes");
  const bytesOut = numberAt(attributes, "result_bytes");
  return [
    ["MCP server", textAt(attributes, "mcp_server")],
    ["Permission", textAt(attributes, "permission")],
    ["Evaluation", textAt(attributes, "evaluation")?.replaceAll("_", " ") ?? null],
    ["Input size", bytesIn === null ? null : formatBytes(bytesIn)],
    ["Result size", bytesOut === null ? null : formatBytes(bytesOut)],
  ];
}

/** The instant in the page's zone to the millisecond, and how long after the session's start. */
function Exact({ at }: { at: string }) {
  const { time } = useTrace();
  const us = microsFromIso(at);
  const sinceMs = us === null || !time.bounds ? null : (us - time.bounds.fromUs) / 1000;
  return (
    <>
      <Time at={at} style="day" /> <Time at={at} style="millisecond" />
      {sinceMs === null ? null : <span className="text-ink-3"> +{formatDuration(sinceMs)}</span>}
    </>
  );
}

function Id({ id }: { id: string }) {
  return (
    <span className="flex min-w-0 items-center">
      <span className="truncate font-mono text-sm">{id}</span>
      <CopyButton text={id} label="Copy the event's id" />
    </span>
  );
}

function PartOf({ span }: { span: SpanItem }) {
  const { select } = useTrace();
  const { start_event_id: eventId } = span;
  const words = [
    spanTitle(span),
    span.duration_ms === null ? null : formatDuration(span.duration_ms),
    span.cost_nanos === null ? null : formatNanosExact(span.cost_nanos),
  ].filter((word) => word !== null);
  if (eventId === null) return words.join(", ");
  return (
    <Button size="sm" onClick={() => select(eventId, { reveal: "center" })}>
      {words.join(", ")}
    </Button>
  );
}
