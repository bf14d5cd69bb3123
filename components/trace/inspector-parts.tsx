"use client";
import type { ReactNode } from "react";
import { ContentView } from "@/components/trace/content-view";
import { JsonView } from "@/components/trace/json-view";
import type { Selected } from "@/components/trace/use-selected";
import { CopyButton } from "@/components/ui/copy-button";
import { formatBytes, plain } from "@/lib/format";
import { utf8Bytes } from "@/lib/sessions/content";
import { errorWords, retryWords } from "@/lib/sessions/event-words";
import { recordOf, textAt } from "@/lib/sessions/payload";
import type { EventItem } from "@/lib/sessions/schema";
import { isResult, isUse } from "@/lib/sessions/transcript-index";

function Part({ title, copy, children }: { title: string; copy?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <div className="flex min-h-6 items-center gap-1">
        <h3 className="text-sm font-medium text-ink-2">{title}</h3>
        {copy === undefined ? null : (
          <CopyButton text={copy} label={`Copy ${title.toLowerCase()}`} />
        )}
      </div>
      {children}
    </section>
  );
}

/** What the selected thing says: a call's input and result, a message's text, an error's words. */
export function InspectorContent({ selected }: { selected: Selected }) {
  const { related, event } = selected;
  const use = related.find((item) => isUse(item.type));
  const result = related.find((item) => isResult(item.type));
  if (use || result) {
    return (
      <>
        {use ? (
          <Part title="Input" copy={JSON.stringify(use.event.input ?? null, null, 2)}>
            <JsonView value={use.event.input ?? null} open={3} />
          </Part>
        ) : null}
        <Part title={result?.event.is_error === true ? "Error result" : "Result"}>
          {result ? (
            <ContentView content={result.event.content} reading="output" limit={8000} />
          ) : (
            <p className="text-ink-3">None came yet.</p>
          )}
        </Part>
      </>
    );
  }
  const error = recordOf(event?.event.error);
  if (error) {
    return (
      <Part title="Error">
        <p className="font-medium text-fail">{errorWords(textAt(error, "type") ?? "error")}</p>
        <p className="wrap-anywhere">{textAt(error, "message")}</p>
        <p className="text-ink-2">{retryWords(textAt(error.retry_status, "type"))}</p>
      </Part>
    );
  }
  if (event && "content" in event.event) {
    return (
      <Part title="Content">
        <ContentView content={event.event.content} reading="prose" limit={12_000} />
      </Part>
    );
  }
  return null;
}

/** Every event behind the selection, whole, as it came. */
export function RawEvents({ selected }: { selected: Selected }) {
  return (
    <>
      {selected.related.map((item) => (
        <RawEvent key={`${item.session_thread_id ?? ""}${item.id}`} item={item} />
      ))}
    </>
  );
}

function RawEvent({ item }: { item: EventItem }) {
  const text = JSON.stringify(item.event, null, 2);
  return (
    <Part title={`Raw ${plain(item.type)}, ${formatBytes(utf8Bytes(text))}`} copy={text}>
      <JsonView value={item.event} open={1} />
    </Part>
  );
}
