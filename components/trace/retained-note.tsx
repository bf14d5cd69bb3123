"use client";
import { useQuery } from "@tanstack/react-query";
import { Time } from "@/components/shell/time";
import { useTrace } from "@/components/trace/trace-context";
import { Notice } from "@/components/ui/notice";
import { formatPlural } from "@/lib/format";
import type { RetainedAnswer } from "@/lib/sessions/detail-schema";
import { sessionRetained } from "@/lib/sessions/queries";

/** What is not here any more of the session, and why; nothing where all of it is. */
export function RetainedNote() {
  const { session } = useTrace();
  const { data } = useQuery(sessionRetained(session));
  const words = data ? wordsOf(data) : null;
  if (!data || words === null) return null;
  return (
    <div className="px-3 py-2 lg:px-4">
      <Notice tone="quiet">
        Retention dropped {words.what} on <Time at={words.at} style="dayMinute" />. Its figures are
        what they were.
        {data.late > 0
          ? ` ${formatPlural(data.late, "item")} that came later ${data.late === 1 ? "is" : "are"} not in them.`
          : null}
      </Notice>
    </div>
  );
}

function wordsOf({ content_at, events_at, spans_at }: RetainedAnswer) {
  if (spans_at !== null) return { what: "this session's events and timeline", at: spans_at };
  if (events_at !== null) return { what: "this session's events", at: events_at };
  return content_at === null ? null : { what: "what was said in this session", at: content_at };
}
