"use client";
import { BAND_MARKS } from "@/components/trace/band-look";
import { JsonView } from "@/components/trace/json-view";
import {
  CostFigure,
  DurationFigure,
  RowFrame,
  type RowScene,
  RowText,
} from "@/components/trace/row-frame";
import { usageWords } from "@/components/trace/row-steps";
import { cx } from "@/components/ui/cx";
import { Mark, type Shape, type Tone } from "@/components/ui/mark";
import { errorWords, eventSummary, retryWords } from "@/lib/sessions/event-words";
import type {
  ErrorRow,
  EvaluationRow,
  GenericRow,
  MarkRow,
  StatusRow,
} from "@/lib/sessions/transcript-rows";

type Look = { shape: Shape; tone: Tone };

const STATUS_LOOKS: Record<string, Look> = {
  running: BAND_MARKS.running,
  idle: BAND_MARKS.idle,
  rescheduled: BAND_MARKS.rescheduling,
  terminated: BAND_MARKS.terminated,
};

const THREAD_ENDED: Look = { shape: "square", tone: "quiet" };

export function StatusView({ row, scene }: { row: StatusRow; scene: RowScene }) {
  const waits = row.state === "idle" && row.label.includes("waiting for");
  // A thread that ends has done its part; only the session's own end is one to look at.
  const ended = row.state === "terminated" && !row.bad;
  const look = ended
    ? THREAD_ENDED
    : waits
      ? BAND_MARKS.waiting
      : (STATUS_LOOKS[row.state] ?? BAND_MARKS.idle);
  return (
    <RowFrame row={row} scene={scene} label={row.label} tone={row.bad ? "bad" : "plain"}>
      <div className="flex items-start gap-x-2">
        <Mark {...look} label={row.state} className="h-5" />
        <p className={cx("min-w-0", row.bad ? "text-fail" : "text-ink-2")}>
          {row.label}
          {row.notes.length > 0 ? (
            <span className="text-ink-3">; {row.notes.join("; ")}</span>
          ) : null}
        </p>
      </div>
    </RowFrame>
  );
}

export function ErrorView({ row, scene }: { row: ErrorRow; scene: RowScene }) {
  return (
    <RowFrame row={row} scene={scene} label={`Error: ${errorWords(row.errorType)}`} tone="bad">
      <div className="flex flex-wrap items-center gap-x-2">
        <Mark shape="cross" tone="fail" word={errorWords(row.errorType)} className="font-medium" />
        <span className="text-sm text-ink-2">{retryWords(row.retry)}</span>
      </div>
      {row.message ? <RowText className="wrap-anywhere pl-5">{row.message}</RowText> : null}
    </RowFrame>
  );
}

const RESULT_LOOKS: Record<string, Look> = {
  satisfied: { shape: "check", tone: "ok" },
  needs_revision: { shape: "hourglass", tone: "wait" },
  failed: { shape: "cross", tone: "fail" },
  max_iterations_reached: { shape: "cross", tone: "fail" },
  interrupted: { shape: "square", tone: "stop" },
};

export function EvaluationView({ row, scene }: { row: EvaluationRow; scene: RowScene }) {
  const result = row.result ?? "running";
  const look = RESULT_LOOKS[result] ?? { shape: "dot", tone: "run" };
  const pass = row.iteration === null ? "" : ` ${row.iteration + 1}`;
  return (
    <RowFrame
      row={row}
      scene={scene}
      label={`Outcome check${pass}: ${result}`}
      tone={row.bad ? "bad" : "plain"}
      figures={
        <>
          <DurationFigure row={row} scene={scene} />
          <CostFigure nanos={row.costNanos} />
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-x-2">
        <span className="font-medium">Outcome check{pass}</span>
        <Mark {...look} word={result.replaceAll("_", " ")} />
        {row.usage ? <span className="text-sm text-ink-3">{usageWords(row.usage)}</span> : null}
      </div>
      {row.explanation ? <RowText className="max-w-[88ch]">{row.explanation}</RowText> : null}
    </RowFrame>
  );
}

const MARK_LOOKS: Record<MarkRow["mark"], Look> = {
  compaction: { shape: "ring", tone: "stop" },
  interrupt: { shape: "square", tone: "stop" },
  update: { shape: "ring", tone: "quiet" },
  goal: { shape: "ring", tone: "run" },
  thread: { shape: "ring", tone: "run" },
  workflow: { shape: "ring", tone: "run" },
  deleted: { shape: "cross", tone: "quiet" },
  usage: { shape: "ring", tone: "quiet" },
};

export function MarkView({ row, scene }: { row: MarkRow; scene: RowScene }) {
  const more =
    row.mark === "usage" && row.item ? eventSummary(row.item.type, row.item.event) : row.detail;
  return (
    <RowFrame row={row} scene={scene} label={row.label}>
      <div className="flex items-start gap-x-2">
        <Mark {...MARK_LOOKS[row.mark]} label={row.mark} className="h-5" />
        <div className="flex min-w-0 flex-wrap gap-x-2">
          <span className="text-ink-2">{row.label}</span>
          {more ? <RowText className="text-ink-3">{more}</RowText> : null}
        </div>
      </div>
    </RowFrame>
  );
}

/** A type this version does not know: shown as it came. */
export function GenericView({ row, scene }: { row: GenericRow; scene: RowScene }) {
  return (
    <RowFrame row={row} scene={scene} label={`Event ${row.type}`}>
      <div className="flex flex-wrap items-center gap-x-2 text-sm">
        <span className="font-mono">{row.type}</span>
        <span className="text-ink-3">a type not known here, shown as it came</span>
      </div>
      {row.item ? (
        <RowText wide>
          <JsonView value={row.item.event} open={scene.expanded ? 2 : 0} />
        </RowText>
      ) : null}
    </RowFrame>
  );
}
