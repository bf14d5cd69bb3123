"use client";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTrace } from "@/components/trace/trace-context";
import type { Named } from "@/lib/sessions/named";
import { spansBetween } from "@/lib/sessions/page-queries";
import { sessionEventsPage } from "@/lib/sessions/queries";
import type { EventItem, SpanItem } from "@/lib/sessions/schema";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";

export type Selected = {
  event: EventItem | null;
  /** The interval the event starts or ends; null for an instant. */
  span: SpanItem | null;
  approval: SpanItem | null;
  /** What the interval happened in. */
  parent: SpanItem | null;
  /** Start, answer and result, as far as they are known. */
  related: readonly EventItem[];
  pending: boolean;
  error: Error | null;
  retry: () => void;
};

const one = (session: Named, eventId: string) =>
  sessionEventsPage(session, { around: eventId, limit: 1 });

/** The selected event with what belongs to it. */
export function useSelected(eventId: string): Selected {
  const { session, data } = useTrace();
  const query = useQuery({ ...one(session, eventId), placeholderData: keepPreviousData });
  const event = query.data?.data[0] ?? null;
  const us = microsFromIso(event?.at ?? "");
  const around = useQuery({
    ...spansBetween(session, {
      from: us === null ? "" : isoFromMicros(us),
      to: us === null ? "" : isoFromMicros(us),
    }),
    enabled: data.allSpans === null && us !== null,
  });
  const spans = data.allSpans ?? around.data?.data ?? NONE;
  const found = useMemo(() => (event ? spansOf(spans, event) : NOTHING), [spans, event]);
  const ids = [
    ...new Set([
      found.span?.start_event_id,
      found.approval?.end_event_id,
      found.span?.end_event_id,
    ]),
  ].filter((id) => id != null && id !== event?.id);
  const others = useQueries({
    queries: ids.flatMap((id) => (id == null ? [] : [one(session, id)])),
    combine: (results) => results.flatMap((result) => result.data?.data ?? []),
  });
  const related = event
    ? [event, ...others].sort((a, b) => (a.at ?? "~").localeCompare(b.at ?? "~"))
    : others;
  return {
    event,
    ...found,
    related,
    pending: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
  };
}

const NONE: SpanItem[] = [];
const NOTHING = { span: null, approval: null, parent: null };

function spansOf(spans: readonly SpanItem[], event: EventItem) {
  const touching = spans.filter((span) =>
    [span.start_event_id, span.end_event_id].includes(event.id),
  );
  const ofCall =
    event.type === "user.tool_confirmation"
      ? touching.find((span) => span.kind === "approval")
      : undefined;
  const span =
    spans.find((one) => ofCall && one.id === ofCall.attributes.tool_use_id) ??
    touching.find((one) => one.kind !== "approval" && one.kind !== "turn") ??
    touching[0] ??
    null;
  const approval =
    spans.find((one) => one.kind === "approval" && one.attributes.tool_use_id === span?.id) ?? null;
  const inside = span?.parent_id ?? holderOf(spans, event)?.id ?? null;
  const parent = spans.find((one) => one.id === inside && one.id !== span?.id) ?? null;
  return { span, approval, parent };
}

/** The request of the event's thread during which it came: what said or thought it. */
function holderOf(spans: readonly SpanItem[], event: EventItem): SpanItem | null {
  const at = event.at;
  if (at === null) return null;
  return (
    spans.find(
      (span) =>
        span.kind === "model_request" &&
        span.thread_id === event.session_thread_id &&
        span.started_at !== null &&
        span.started_at <= at &&
        (span.ended_at === null || span.ended_at >= at),
    ) ?? null
  );
}
