"use client";
import { ArrowDownToLine, ArrowUpToLine, Clock } from "lucide-react";
import { type FormEvent, type ReactNode, useMemo, useState } from "react";
import { useScope } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { useTrace } from "@/components/trace/trace-context";
import type { EventWindow } from "@/components/trace/use-event-window";
import { useGoTo } from "@/components/trace/use-go-to";
import { Button, IconButton } from "@/components/ui/button";
import { Checkbox, Field, Input } from "@/components/ui/field";
import { Popover } from "@/components/ui/popover";
import { formatCount, formatPlural } from "@/lib/format";
import { rangeOf } from "@/lib/sessions/event-window";
import { isoFromMicros } from "@/lib/time/micros";
import { instantOfWallClock, wallClock } from "@/lib/time/zone";

/** How much of the session is at hand, and the ways to the rest of it. */
export function ListFoot({ window, children }: { window: EventWindow; children?: ReactNode }) {
  const { data, jump, follow, setFollow, state } = useTrace();
  const range = useMemo(() => rangeOf(window.events), [window.events]);
  const filtered = state.thread !== "all" || state.categories.length > 0;
  const whole = window.atStart && window.atEnd;
  const known = formatCount(window.events.length);
  const all = formatCount(data.item.events);
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 border-t bg-surface px-3 py-0.5 text-sm text-ink-2 lg:px-4">
      <span role="status">
        {whole
          ? wholeWords(window.events.length, filtered ? all : null)
          : `${known} of ${filtered ? `the matching events (${all} in all)` : `${all} events`} at hand`}
        {range && !whole ? (
          <>
            {": "}
            <Time at={range.from} style="second" /> – <Time at={range.to} style="second" />
          </>
        ) : null}
        {window.loading === "before" || window.loading === "after" ? ", loading more…" : null}
      </span>
      <div className="flex items-center">
        <IconButton label="To the start" size="sm" onClick={() => jump({ kind: "start" })}>
          <ArrowUpToLine size={14} aria-hidden />
        </IconButton>
        <TimeJump />
        <IconButton label="To the end" size="sm" onClick={() => jump({ kind: "end" })}>
          <ArrowDownToLine size={14} aria-hidden />
        </IconButton>
      </div>
      {children}
      {data.live ? (
        <Checkbox
          label="Follow"
          checked={follow}
          onChange={(event) => {
            setFollow(event.currentTarget.checked);
            if (event.currentTarget.checked && !window.atEnd) jump({ kind: "end" });
          }}
        />
      ) : null}
    </div>
  );
}

/** "To a time": the first event at or after a wall-clock instant. */
function TimeJump() {
  const { time } = useTrace();
  const { tz } = useScope();
  const goTo = useGoTo();
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const startMs = (time.bounds?.fromUs ?? 0) / 1000;
  async function go(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = `${new FormData(event.currentTarget).get("at")}`;
    const ms = instantOfWallClock(text, tz);
    if (ms === null) {
      setProblem("Give a date and a time.");
      return;
    }
    if (await goTo(isoFromMicros(ms * 1000))) setOpen(false);
    else setProblem("There is no event at or after that time.");
  }
  return (
    <Popover
      label="To a time"
      open={open}
      onOpenChange={setOpen}
      className="p-3"
      trigger={
        <IconButton label="To a time" size="sm">
          <Clock size={14} aria-hidden />
        </IconButton>
      }
    >
      <form onSubmit={go} className="flex flex-col gap-2">
        <Field label={`Time (${tz})`} error={problem}>
          {(props) => (
            <Input
              {...props}
              name="at"
              type="datetime-local"
              step={1}
              defaultValue={wallClock(startMs, tz)}
            />
          )}
        </Field>
        <Button type="submit" variant="primary">
          Go there
        </Button>
      </form>
    </Popover>
  );
}

/** `of`: among how many they were looked for; null where nothing is left out. */
function wholeWords(count: number, of: string | null): string {
  if (of !== null) return `${formatPlural(count, "matching event")} of ${of}`;
  return `${formatPlural(count, "event")}, ${count === 1 ? "the only one" : "all of them"}`;
}
