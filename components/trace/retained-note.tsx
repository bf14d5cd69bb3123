"use client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Time } from "@/components/shell/time";
import { useTrace } from "@/components/trace/trace-context";
import { Notice } from "@/components/ui/notice";
import { formatPlural } from "@/lib/format";
import type { RetainedAnswer } from "@/lib/sessions/detail-schema";
import { sessionRetained } from "@/lib/sessions/queries";

/** What is not here any more of the session, and why; nothing where all of it is. */
export function RetainedNote() {
  const { session, data: trace } = useTrace();
  const { data } = useQuery({ ...sessionRetained(session), enabled: trace.item.retained });
  const words = data && trace.item.retained ? wordsOf(data) : null;
  if (!data || words === null) return null;
  return (
    <div className="px-3 py-2 lg:px-4">
      <Notice tone="quiet">
        Retention dropped {words}. Its figures are those of all of it.
        {data.late > 0
          ? ` ${formatPlural(data.late, "item")} of that time came after it was dropped, and changed none of them.`
          : null}
      </Notice>
    </div>
  );
}

function wordsOf({ content_at, events_at, spans_at, until }: RetainedAnswer): ReactNode {
  const on = (at: string) => (
    <>
      {" "}
      on <Time at={at} style="dayMinute" />
    </>
  );
  if (spans_at !== null) return <>this session's events and timeline{on(spans_at)}</>;
  if (events_at !== null) return <>this session's events{on(events_at)}</>;
  if (until !== null)
    return (
      <>
        this session's events up to <Time at={until} style="dayMinute" />, and it has gone on since
      </>
    );
  return content_at === null ? null : <>what was said in this session{on(content_at)}</>;
}
