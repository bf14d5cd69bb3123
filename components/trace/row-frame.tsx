"use client";
import type { ReactNode } from "react";
import { Lasting } from "@/components/shell/time";
import { cx } from "@/components/ui/cx";
import { formatDuration, formatInstant, formatNanos } from "@/lib/format";
import type { TranscriptRow } from "@/lib/sessions/transcript-rows";
import { isoFromMicros } from "@/lib/time/micros";

/** What every row needs of the list it stands in. */
export type RowScene = {
  selected: boolean;
  expanded: boolean;
  onSelect: (row: TranscriptRow) => void;
  onToggle: (row: TranscriptRow) => void;
  /** Colour of the thread's stripe; null for the primary thread. */
  stripe: string | null;
  threadName: string | null;
  tz: string;
  /** Whether the session can still go on: what is open then counts its time. */
  live: boolean;
  /** The replayed instant, up to which what is open has lasted; null in the present. */
  thenUs: number | null;
};

type FrameProps = {
  row: TranscriptRow;
  scene: RowScene;
  /** Names the row for the button that selects it. */
  label: string;
  figures?: ReactNode;
  tone?: "plain" | "bad" | "wait" | "heading";
  children: ReactNode;
};

const TONES = {
  plain: "",
  bad: "bg-fail-soft",
  wait: "bg-wait-soft",
  heading: "bg-sunken",
};

/**
 * Time, thread stripe, what happened, figures. The time is the button; it spreads over the row, and
 * what must be reached by itself (text to mark, links, buttons) lies above it.
 */
export function RowFrame({ row, scene, label, figures, tone = "plain", children }: FrameProps) {
  return (
    <div
      className={cx(
        "group relative flex min-h-7 items-start gap-2 border-b px-3 py-1 lg:px-4",
        TONES[tone],
        scene.selected ? "bg-selected" : "hover:bg-hover",
      )}
    >
      {scene.selected ? (
        <span aria-hidden className="absolute inset-y-0 left-0 w-0.5 bg-accent" />
      ) : null}
      <button
        type="button"
        aria-pressed={scene.selected}
        aria-label={label}
        disabled={row.eventId === null}
        onClick={() => scene.onSelect(row)}
        className="w-14 shrink-0 pt-0.5 text-left font-mono text-xs text-ink-3 -outline-offset-2 after:absolute after:inset-0 max-sm:w-12"
      >
        {row.atUs === null ? "no time" : formatInstant(row.atUs / 1000, scene.tz, "second")}
      </button>
      <span
        aria-hidden
        title={scene.threadName ?? undefined}
        className="w-0.5 shrink-0 self-stretch rounded-full"
        style={{ background: scene.stripe ?? "transparent" }}
      />
      <div
        className={cx(
          "flex min-w-0 flex-1 flex-wrap items-start gap-x-3",
          row.depth === 1 && "pl-4 max-sm:pl-2",
        )}
      >
        <div className="min-w-0 flex-1 basis-60 wrap-anywhere">{children}</div>
        {figures ? (
          <div className="ml-auto flex shrink-0 items-center gap-3 text-right text-sm text-ink-2">
            {figures}
          </div>
        ) : null}
      </div>
    </div>
  );
}

/** Text of a row that can be marked and copied, above the button that covers the row. */
export function RowText({
  children,
  className,
  wide,
}: {
  children: ReactNode;
  className?: string;
  /** Takes the row's whole width, for what folds and scrolls inside. */
  wide?: boolean;
}) {
  return (
    <div className={cx("relative z-10 min-w-0", wide ? "w-full" : "w-fit", className)}>
      {children}
    </div>
  );
}

export function DurationFigure({
  row,
  scene,
}: {
  row: { atUs: number | null; endUs: number | null };
  scene: Pick<RowScene, "live" | "thenUs">;
}) {
  if (row.atUs === null) return null;
  const endUs = row.endUs ?? scene.thenUs;
  return (
    <span className="min-w-14">
      {endUs !== null ? (
        formatDuration(Math.max(0, endUs - row.atUs) / 1000)
      ) : scene.live ? (
        <Lasting since={isoFromMicros(row.atUs)} />
      ) : (
        <span className="text-ink-3">no end</span>
      )}
    </span>
  );
}

export function CostFigure({ nanos }: { nanos: number | null }) {
  return <span className="min-w-14">{nanos === null ? "" : formatNanos(nanos)}</span>;
}
