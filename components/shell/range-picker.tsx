"use client";
import { CalendarClock, ChevronDown } from "lucide-react";
import { useState } from "react";
import { RangeForm } from "@/components/shell/range-form";
import { useScope } from "@/components/shell/scope";
import { buttonClass } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Popover } from "@/components/ui/popover";
import { formatInstant } from "@/lib/format";
import { type COMPARISONS, rangeWords } from "@/lib/time/range";

const AGAINST: Record<(typeof COMPARISONS)[number]["id"], string> = {
  previous: "vs previous",
  day: "vs day before",
  week: "vs week before",
  none: "",
};

/** The stretch of time that every page shows: presets, two instants, what it is compared with, and the time zone. */
export function RangePicker() {
  const { scope, tz } = useScope();
  const [open, setOpen] = useState(false);
  const words = rangeWords(scope.range, (ms) => formatInstant(ms, tz, "dayMinute"));
  return (
    <Popover
      label="Time range"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-80"
      trigger={
        <button type="button" className={cx(buttonClass("default"), "min-w-0 font-normal")}>
          <CalendarClock size={14} aria-hidden className="shrink-0 text-ink-3" />
          <span className="sr-only">Time range: </span>
          <span className="truncate">{words}</span>
          <span className="text-ink-3 max-xl:hidden">{AGAINST[scope.compare]}</span>
          <span className="text-ink-3 max-xl:hidden">{scope.tz ?? ""}</span>
          <ChevronDown size={14} aria-hidden className="shrink-0 text-ink-3" />
        </button>
      }
    >
      <RangeForm onDone={() => setOpen(false)} />
    </Popover>
  );
}
