"use client";
import { memo, useCallback, useMemo } from "react";
import { useScope } from "@/components/shell/scope";
import { ListFoot } from "@/components/trace/list-foot";
import { threadColour } from "@/components/trace/thread-colours";
import { useTrace } from "@/components/trace/trace-context";
import { useEventWindow } from "@/components/trace/use-event-window";
import { useReplayWindow } from "@/components/trace/use-replay-window";
import { VirtualRows } from "@/components/trace/virtual-rows";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Empty } from "@/components/ui/empty";
import { formatInstant } from "@/lib/format";
import { eventKey } from "@/lib/sessions/event-window";
import { categoryOf, eventSummary, typesOf } from "@/lib/sessions/event-words";
import type { EventsChoice } from "@/lib/sessions/page-queries";
import type { EventItem } from "@/lib/sessions/schema";
import { microsFromIso } from "@/lib/time/micros";

/** The events as they came, list by list woven into the session's order. */
export function EventsPanel() {
  const { session, data, state, anchor, replay, select, nameOf, set } = useTrace();
  const { thread, categories, q } = state;
  const categoryKey = categories.join();
  const choice = useMemo<EventsChoice>(
    () => ({ thread, types: typesOf(categoryKey === "" ? [] : categoryKey.split(",")), q }),
    [thread, categoryKey, q],
  );
  const window = useEventWindow({ session, choice, anchor, live: data.live });
  useReplayWindow(window);
  const { tz } = useScope();
  const { atUs } = replay;
  const events = useMemo(
    () =>
      atUs === null
        ? window.events
        : window.events.filter((item) => (microsFromIso(item.at ?? "") ?? atUs + 1) <= atUs),
    [window.events, atUs],
  );
  const indexOf = useCallback((id: string) => events.findIndex((item) => item.id === id), [events]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <VirtualRows
        label="Events"
        window={window}
        count={events.length}
        keyOf={(index) => keyAt(events, index)}
        heightOf={() => 29}
        atOf={(index) => microsFromIso(events[index]?.at ?? "")}
        indexOf={indexOf}
        idAt={(index) => events[index]?.id ?? null}
        empty={
          <Empty
            title={q ? `No event holds “${q}”` : "No event matches the filter"}
            action={
              <Button onClick={() => set({ categories: [], thread: "all", q: "" })}>
                Show all events
              </Button>
            }
          />
        }
        render={(index) => {
          const item = events[index];
          if (!item) return null;
          return (
            <EventLine
              item={item}
              selected={item.id === state.eventId}
              stripe={threadColour(data.page.threads ?? [], item.session_thread_id)}
              thread={nameOf(item.session_thread_id)}
              tz={tz}
              onSelect={select}
            />
          );
        }}
      />
      <ListFoot window={window} />
    </div>
  );
}

function keyAt(events: readonly EventItem[], index: number): string {
  const item = events[index];
  return item ? eventKey(item) : `${index}`;
}

const EventLine = memo(function EventLine({
  item,
  selected,
  stripe,
  thread,
  tz,
  onSelect,
}: {
  item: EventItem;
  selected: boolean;
  stripe: string | null;
  thread: string;
  tz: string;
  onSelect: (eventId: string) => void;
}) {
  const bad = categoryOf(item.type) === "errors" || item.event.is_error === true;
  return (
    <div
      className={cx(
        "relative flex min-h-7 items-center gap-2 border-b px-3 lg:px-4 max-md:flex-wrap max-md:py-1",
        selected ? "bg-selected" : "hover:bg-hover",
      )}
    >
      <button
        type="button"
        aria-pressed={selected}
        aria-label={`Event ${item.type}`}
        onClick={() => onSelect(item.id)}
        className="w-20 shrink-0 text-left font-mono text-xs text-ink-3 after:absolute after:inset-0"
      >
        {item.at === null ? "no time" : formatInstant(Date.parse(item.at), tz, "millisecond")}
      </button>
      <span
        aria-hidden
        className="h-4 w-0.5 shrink-0 rounded-full"
        style={{ background: stripe ?? "transparent" }}
      />
      <span className="w-32 shrink-0 truncate text-sm text-ink-3 max-md:w-auto">{thread}</span>
      <span
        className={cx("w-60 shrink-0 truncate font-mono text-sm max-md:w-full", bad && "text-fail")}
      >
        {item.type}
      </span>
      <span className="min-w-0 flex-1 truncate text-ink-2 max-md:w-full max-md:flex-none">
        {eventSummary(item.type, item.event)}
      </span>
    </div>
  );
});
