"use client";
import { Pause, Play } from "lucide-react";
import { useNow } from "@/components/shell/display";
import { useFreshness, useLive } from "@/components/shell/live";
import { useScope } from "@/components/shell/scope";
import { useShortcuts } from "@/components/shell/shortcuts";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Mark } from "@/components/ui/mark";
import { formatDuration, formatInstant } from "@/lib/format";

const LATE_MS = 10_000;

const HOW = {
  hearing: "Changes come as they happen",
  polling: "Asked for again every few seconds; the server does not tell of changes at the moment",
  paused: "Nothing is asked for until you go on",
};

/** How fresh the page is: when its data last came, how more of it comes, and by how much it is late. */
export function LiveMark() {
  const { paused, setPaused, hearing, polling } = useLive();
  const { updatedAtMs, failing } = useFreshness();
  const { tz } = useScope();
  const now = useNow(1000);
  useShortcuts([
    {
      keys: "p",
      label: "Pause or go on with live updates",
      group: "Everywhere",
      run: () => setPaused(!paused),
    },
  ]);
  const time = updatedAtMs ? formatInstant(updatedAtMs, tz, "second") : "––:––:––";
  const behindMs = failing && updatedAtMs ? now - updatedAtMs : 0;
  const late = behindMs > LATE_MS ? formatDuration(behindMs) : null;
  const word = paused ? "paused" : late ? `no answer for ${late}` : polling ? "polling" : "live";
  const how = HOW[paused ? "paused" : hearing ? "hearing" : "polling"];
  return (
    <div className="flex items-center gap-0.5">
      <Mark
        shape={paused ? "pause" : late ? "cross" : polling ? "ring" : "dot"}
        tone={paused ? "quiet" : late ? "fail" : "ok"}
        label={word}
      />
      <span className={cx("px-1 text-sm whitespace-nowrap", late ? "text-fail" : "text-ink-2")}>
        <span className="inline-block min-w-12 text-right max-sm:sr-only" title={how}>
          {word}
        </span>{" "}
        <span title="When the newest data on this page came">{time}</span>
      </span>
      <IconButton
        label={paused ? "Go on with live updates" : "Pause live updates"}
        shortcut="p"
        size="sm"
        onClick={() => setPaused(!paused)}
      >
        {paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
      </IconButton>
    </div>
  );
}
