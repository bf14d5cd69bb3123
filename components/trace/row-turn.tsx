"use client";
import { CostFigure, DurationFigure, RowFrame, type RowScene } from "@/components/trace/row-frame";
import { useTrace } from "@/components/trace/trace-context";
import { Mark, type Shape, type Tone } from "@/components/ui/mark";
import { formatCompact, formatDuration, formatPlural } from "@/lib/format";
import { listWords } from "@/lib/sessions/event-words";
import type { GapRow, TurnRow } from "@/lib/sessions/transcript-rows";

const LOOKS: Record<TurnRow["tone"], { shape: Shape; tone: Tone }> = {
  ok: { shape: "check", tone: "ok" },
  wait: { shape: "hourglass", tone: "wait" },
  bad: { shape: "cross", tone: "fail" },
  open: { shape: "dot", tone: "run" },
};

export function TurnView({ row, scene }: { row: TurnRow; scene: RowScene }) {
  const name = row.number === null ? "Turn" : `Turn ${row.number}`;
  const { figures } = row;
  const tokens = figures
    ? figures.usage.input_tokens +
      figures.usage.cache_read_tokens +
      figures.usage.cache_write_tokens +
      figures.usage.output_tokens
    : 0;
  const facts = figures
    ? [
        figures.model_requests > 0 ? formatPlural(figures.model_requests, "request") : null,
        figures.tool_calls > 0 ? formatPlural(figures.tool_calls, "tool call") : null,
        figures.errors > 0 ? formatPlural(figures.errors, "error") : null,
        tokens > 0 ? `${formatCompact(tokens)} tokens` : null,
      ].filter((fact) => fact !== null)
    : [];
  return (
    <RowFrame
      row={row}
      scene={scene}
      label={name}
      tone="heading"
      figures={
        <>
          <DurationFigure row={row} scene={scene} />
          <CostFigure nanos={figures?.cost_nanos ?? null} />
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-x-3">
        <h2 className="font-semibold">
          {name}
          {row.continued ? <span className="font-normal text-ink-3"> continued</span> : null}
        </h2>
        <Mark {...LOOKS[row.tone]} word={row.ended ?? (scene.live ? "running" : "not ended")} />
        <span className="text-sm text-ink-3">{facts.join(" · ")}</span>
      </div>
    </RowFrame>
  );
}

export function GapView({ row, scene }: { row: GapRow; scene: RowScene }) {
  const { nameOf } = useTrace();
  const workers = listWords(row.workers.map(nameOf));
  const lasted =
    row.endUs !== null && row.atUs !== null ? formatDuration((row.endUs - row.atUs) / 1000) : null;
  return (
    <RowFrame row={row} scene={scene} label="Between turns" tone="heading">
      <span className="text-sm text-ink-2">
        Between turns{lasted ? `, ${lasted}` : ""}
        {workers ? `: the session reads idle, ${workers} goes on` : ""}
      </span>
    </RowFrame>
  );
}
