"use client";
import { Pause, Play, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useScope } from "@/components/shell/scope";
import { useShortcuts } from "@/components/shell/shortcuts";
import { SPEEDS } from "@/components/trace/replay";
import { useTrace } from "@/components/trace/trace-context";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Select } from "@/components/ui/field";
import { formatDuration, formatInstant, formatNanos } from "@/lib/format";
import { BAND_WORDS, segmentAt } from "@/lib/sessions/band";
import { costUntil } from "@/lib/sessions/strip";
import { along, instantAt, type TimeWarp, type TimeWindow } from "@/lib/sessions/timeline";

/** Moves every panel to an instant of the session; what came later is hidden. */
export function ReplayBar() {
  const { time } = useTrace();
  const { bounds, warp } = time;
  if (!bounds || !warp) return null;
  return <Bar bounds={bounds} warp={warp} />;
}

const STEPS = 10_000;

function Bar({ bounds, warp }: { bounds: TimeWindow; warp: TimeWarp }) {
  const { replay } = useTrace();
  const slider = useRef<HTMLInputElement | null>(null);
  const { tz } = useScope();
  const from = along(warp, bounds.fromUs);
  const length = along(warp, bounds.toUs) - from;
  useEffect(() => {
    const place = (us: number | null) => {
      const share = us === null ? 1 : (along(warp, us) - from) / length;
      if (slider.current) slider.current.value = `${Math.round(share * STEPS)}`;
    };
    place(replay.line.get());
    return replay.line.subscribe(place);
  }, [replay.line, warp, from, length]);
  useShortcuts([
    { keys: "space", label: "Play or pause the replay", group: "Replay", run: replay.toggle },
  ]);
  const at = replay.atUs;
  return (
    <section
      aria-label="Replay"
      className="flex min-h-[41px] flex-wrap items-center gap-x-3 gap-y-1 border-t bg-surface px-3 py-1 lg:px-4"
    >
      <IconButton
        label={replay.playing ? "Pause" : "Replay"}
        shortcut="space"
        size="sm"
        onClick={replay.toggle}
      >
        {replay.playing ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
      </IconButton>
      <input
        ref={slider}
        type="range"
        min={0}
        max={STEPS}
        defaultValue={STEPS}
        aria-label="Replayed instant"
        aria-valuetext={at === null ? "present" : formatInstant(at / 1000, tz, "second")}
        onChange={(event) =>
          replay.seek(instantAt(warp, from + (Number(event.currentTarget.value) / STEPS) * length))
        }
        className={cx(
          "h-6 min-w-24 flex-1 basis-40",
          at === null ? "accent-line-strong" : "accent-accent",
        )}
      />
      <div>
        <Select
          aria-label="Speed"
          className="h-6 w-18 text-sm"
          value={replay.speed}
          onChange={(event) => replay.setSpeed(Number(event.currentTarget.value))}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {speed} ×
            </option>
          ))}
        </Select>
      </div>
      <Reading bounds={bounds} />
      {at === null ? null : (
        <IconButton
          label="Back to the present"
          shortcut="esc"
          size="sm"
          onClick={() => replay.seek(null)}
        >
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </section>
  );
}

/** What the clock, the state and the cost were at the replayed instant. */
function Reading({ bounds }: { bounds: TimeWindow }) {
  const { replay, time, data } = useTrace();
  const { tz } = useScope();
  const at = replay.atUs;
  if (at === null) {
    return (
      <span className="w-96 text-sm text-ink-3 max-md:w-auto">
        the present; drag or play to replay
      </span>
    );
  }
  const state = segmentAt(time.segments, at)?.state;
  return (
    <span className="w-96 truncate text-sm text-ink-2 max-md:w-full">
      <span className="font-mono">{formatInstant(at / 1000, tz, "second")}</span> +
      {formatDuration((at - bounds.fromUs) / 1000)}
      {state ? ` · ${BAND_WORDS[state]}` : ""}
      {data.strip ? ` · ${formatNanos(costUntil(data.strip, at))} so far` : ""}
    </span>
  );
}
