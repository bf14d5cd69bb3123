"use client";
import { useCallback, useMemo, useState } from "react";
import { useScope } from "@/components/shell/scope";
import { ListFoot } from "@/components/trace/list-foot";
import { placeOf, ROW_HEIGHTS } from "@/components/trace/row-places";
import { RowView } from "@/components/trace/row-view";
import { threadColour } from "@/components/trace/thread-colours";
import { useTrace } from "@/components/trace/trace-context";
import { useReplayWindow } from "@/components/trace/use-replay-window";
import { useTranscript } from "@/components/trace/use-transcript";
import { VirtualRows } from "@/components/trace/virtual-rows";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Checkbox } from "@/components/ui/field";
import { formatCount } from "@/lib/format";
import { holds } from "@/lib/sessions/find";
import type { TranscriptRow } from "@/lib/sessions/transcript-rows";

/** What was said and done, in reading order. */
export function TranscriptPanel() {
  const { data, state, select, nameOf } = useTrace();
  const { rows: all, window, untilUs } = useTranscript();
  useReplayWindow(window);
  const { tz } = useScope();
  const [quiet, setQuiet] = useState(false);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const { eventId } = state;
  const rows = useMemo(
    () => all.filter((row) => quiet || !row.quiet || (eventId !== null && row.eventId === eventId)),
    [all, quiet, eventId],
  );
  const folded = useMemo(() => all.filter((row) => row.quiet).length, [all]);
  const indexOf = useCallback(
    (id: string) => placeOf(rows, window.events, id),
    [rows, window.events],
  );
  const onSelect = useCallback((row: TranscriptRow) => select(row.eventId), [select]);
  const onToggle = useCallback(
    (row: TranscriptRow) =>
      setToggled((before) => {
        const next = new Set(before);
        if (!next.delete(row.key)) next.add(row.key);
        return next;
      }),
    [],
  );
  const threads = data.page.threads ?? [];
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <VirtualRows
        label="Transcript"
        window={window}
        count={rows.length}
        keyOf={(index) => rows[index]?.key ?? `${index}`}
        heightOf={(index) => ROW_HEIGHTS[rows[index]?.kind ?? "status"]}
        atOf={(index) => rows[index]?.atUs ?? null}
        indexOf={indexOf}
        idAt={(index) => rows[index]?.eventId ?? null}
        empty={<NothingHere />}
        render={(index) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <RowView
              row={row}
              selected={eventId !== null && holds(row, eventId)}
              expanded={toggled.has(row.key)}
              onSelect={onSelect}
              onToggle={onToggle}
              stripe={threadColour(threads, row.threadId)}
              threadName={row.threadId === null ? null : nameOf(row.threadId)}
              live={data.live}
              tz={tz}
              thenUs={untilUs}
            />
          );
        }}
      />
      <ListFoot window={window}>
        {folded > 0 ? (
          <Checkbox
            label={`Bookkeeping (${formatCount(folded)})`}
            checked={quiet}
            onChange={(event) => setQuiet(event.currentTarget.checked)}
          />
        ) : null}
      </ListFoot>
    </div>
  );
}

function NothingHere() {
  const { data, state, set, replay } = useTrace();
  if (replay.atUs !== null) return <Empty title="Nothing had happened yet at this instant" />;
  const filtered = state.categories.length > 0 || state.thread !== "all";
  if (!filtered && data.item.events > 0)
    return <Empty title="This session's events are not here any more" />;
  if (!filtered) {
    return (
      <Empty title="No events of this session have come yet">
        They appear here as soon as they are sent, polled or imported.
      </Empty>
    );
  }
  return (
    <Empty
      title="No event matches the filter"
      action={
        <Button onClick={() => set({ categories: [], thread: "all" })}>Show all events</Button>
      }
    />
  );
}
