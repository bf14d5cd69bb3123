"use client";
import { Download, X } from "lucide-react";
import { useRef, useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { Button } from "@/components/ui/button";
import { saveFile } from "@/components/ui/download";
import { formatCompact } from "@/lib/format";
import { api } from "@/lib/http/client";
import { namedOf } from "@/lib/sessions/named";
import { pathOf } from "@/lib/sessions/queries";
import type { EventsPage, SessionItem } from "@/lib/sessions/schema";

type State =
  | { kind: "ready" }
  | { kind: "loading"; events: number }
  | { kind: "failed"; message: string };

/** Every event as one JSON line, in the session's order, in the form ingest takes back. */
async function collect(
  item: SessionItem,
  signal: AbortSignal,
  onProgress: (events: number) => void,
): Promise<Blob> {
  const parts: string[] = [];
  let count = 0;
  let cursor: string | null = null;
  do {
    const query = { limit: 1000, cursor: cursor ?? undefined };
    const path = pathOf(namedOf(item), "/events", query);
    const page: EventsPage = await api<EventsPage>(path, { signal });
    const lines = page.data.map((one) =>
      JSON.stringify({
        kind: "event",
        session_id: item.id,
        session_thread_id: one.session_thread_id,
        data: one.event,
      }),
    );
    if (lines.length > 0) parts.push(`${lines.join("\n")}\n`);
    count += lines.length;
    cursor = page.next_cursor;
    onProgress(count);
  } while (cursor !== null);
  return new Blob(parts, { type: "application/x-ndjson" });
}

/** Downloads the session's events; pressed again while it works, it stops. */
export function EventsDownload({ item }: { item: SessionItem }) {
  const [state, setState] = useState<State>({ kind: "ready" });
  const running = useRef<AbortController | null>(null);
  async function start() {
    if (running.current) {
      running.current.abort();
      return;
    }
    const control = new AbortController();
    running.current = control;
    setState({ kind: "loading", events: 0 });
    try {
      const blob = await collect(item, control.signal, (events) =>
        setState({ kind: "loading", events }),
      );
      saveFile(blob, `${item.id}.ndjson`);
      setState({ kind: "ready" });
    } catch (error) {
      const stopped = control.signal.aborted;
      setState(stopped ? { kind: "ready" } : { kind: "failed", message: errorWords(error) });
    } finally {
      running.current = null;
    }
  }
  return (
    <>
      <Button size="sm" onClick={start} title="All events as NDJSON, in the form ingest takes">
        {state.kind === "loading" ? (
          <X size={14} aria-hidden />
        ) : (
          <Download size={14} aria-hidden />
        )}
        {state.kind === "loading"
          ? `${formatCompact(state.events)} of ${formatCompact(item.events)}, stop`
          : "Events"}
      </Button>
      {state.kind === "failed" ? (
        <span role="alert" className="text-sm text-fail">
          Download failed: {state.message}
        </span>
      ) : null}
    </>
  );
}
