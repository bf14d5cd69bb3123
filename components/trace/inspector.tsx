"use client";
import { ExternalLink, LocateFixed, X, ZoomIn } from "lucide-react";
import { Failed } from "@/components/shell/panel";
import { InspectorFacts } from "@/components/trace/inspector-facts";
import { InspectorContent, RawEvents } from "@/components/trace/inspector-parts";
import { selectedTitle } from "@/components/trace/span-words";
import { useTrace } from "@/components/trace/trace-context";
import { type Selected, useSelected } from "@/components/trace/use-selected";
import { IconButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { cx } from "@/components/ui/cx";
import { Skeleton } from "@/components/ui/skeleton";
import { plain } from "@/lib/format";
import { around } from "@/lib/sessions/timeline";
import { microsFromIso } from "@/lib/time/micros";

/** What is selected: input, output, times, tokens and the events as they came. On a phone a sheet over the list. */
export function Inspector({ eventId }: { eventId: string }) {
  const { select } = useTrace();
  const selected = useSelected(eventId);
  return (
    <aside
      aria-label="Selected event"
      className="flex min-h-0 w-104 shrink-0 flex-col border-l bg-surface max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-40 max-lg:h-[70dvh] max-lg:w-full max-lg:rounded-t-lg max-lg:border-t max-lg:border-line-strong"
    >
      <header className="flex items-center gap-1 border-b px-3 py-1">
        <h2 className="min-w-0 flex-1 truncate font-semibold">{plain(selectedTitle(selected))}</h2>
        <Actions selected={selected} eventId={eventId} />
        <IconButton label="Close" shortcut="esc" size="sm" onClick={() => select(null)}>
          <X size={14} aria-hidden />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-3">
        {selected.event ? (
          <div className={cx("flex flex-col gap-4", selected.event.id !== eventId && "opacity-60")}>
            <InspectorFacts selected={selected} />
            <InspectorContent selected={selected} />
            <RawEvents selected={selected} />
          </div>
        ) : selected.pending ? (
          <Skeleton className="h-40 w-full" />
        ) : (
          <Failed what="This event" error={selected.error} retry={selected.retry} />
        )}
      </div>
    </aside>
  );
}

function Actions({ selected, eventId }: { selected: Selected; eventId: string }) {
  const { time, setZoom, select, data } = useTrace();
  const { bounds, warp } = time;
  const fromUs = microsFromIso(selected.span?.started_at ?? selected.event?.at ?? "");
  const toUs = microsFromIso(selected.span?.ended_at ?? "") ?? fromUs;
  const consoleUrl = data.item.console_url;
  return (
    <>
      <IconButton
        label="Show it in the list"
        size="sm"
        onClick={() => select(eventId, { reveal: "center" })}
      >
        <LocateFixed size={14} aria-hidden />
      </IconButton>
      {bounds && warp && fromUs !== null && toUs !== null ? (
        <IconButton
          label="Zoom the timeline to it"
          size="sm"
          onClick={() => setZoom(around({ fromUs, toUs }, bounds, warp))}
        >
          <ZoomIn size={14} aria-hidden />
        </IconButton>
      ) : null}
      <CopyLink eventId={eventId} />
      {consoleUrl ? (
        <a
          href={`${consoleUrl}?event=${encodeURIComponent(eventId)}`}
          target="_blank"
          rel="noreferrer"
          aria-label="Open this event in Console"
          title="Open this event in Console"
          className="inline-flex size-6 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
        >
          <ExternalLink size={14} aria-hidden />
        </a>
      ) : null}
    </>
  );
}

function CopyLink({ eventId }: { eventId: string }) {
  const link = () => {
    const url = new URL(window.location.href);
    const connection = url.searchParams.get("connection");
    url.search = connection === null ? "" : `?${new URLSearchParams({ connection })}`;
    url.searchParams.set("event", eventId);
    return url.href;
  };
  return <CopyButton text={link} label="Copy a link to this event" />;
}
