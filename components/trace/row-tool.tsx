"use client";
import { ChevronDown, ChevronRight, Hourglass, Wrench } from "lucide-react";
import dynamic from "next/dynamic";
import { DurationFigure, RowFrame, type RowScene, RowText } from "@/components/trace/row-frame";
import { ThreadTag } from "@/components/trace/row-steps";
import { Button } from "@/components/ui/button";
import { Mark, type Shape, type Tone } from "@/components/ui/mark";
import { Skeleton } from "@/components/ui/skeleton";
import { Tag } from "@/components/ui/tag";
import { formatDuration } from "@/lib/format";
import { oneLine, plainText } from "@/lib/sessions/content";
import { inputLine } from "@/lib/sessions/event-words";
import type { SpanState } from "@/lib/sessions/schema";
import type { ApprovalRow, ToolRow } from "@/lib/sessions/transcript-rows";

const ToolBody = dynamic(
  () => import("@/components/trace/tool-body").then((module) => module.ToolBody),
  { ssr: false, loading: () => <Skeleton className="mt-1 h-16 w-full" /> },
);

const STATES: Record<SpanState, { shape: Shape; tone: Tone; word: string }> = {
  ok: { shape: "check", tone: "ok", word: "done" },
  error: { shape: "cross", tone: "fail", word: "error" },
  denied: { shape: "square", tone: "stop", word: "denied" },
  open: { shape: "hourglass", tone: "wait", word: "no answer yet" },
  unknown: { shape: "query", tone: "quiet", word: "end unknown" },
};

export function ToolStateMark({ state }: { state: SpanState }) {
  const { shape, tone, word } = STATES[state];
  return <Mark shape={shape} tone={tone} word={word} className="text-sm" />;
}

const KIND_WORDS = { builtin: null, mcp: "MCP", custom: "your code" } as const;

export function ToolView({ row, scene }: { row: ToolRow; scene: RowScene }) {
  const input = inputLine(row.use?.event.input, 140);
  const output = row.result ? oneLine(plainText(row.result.event.content), 160) : null;
  const kind = KIND_WORDS[row.toolKind];
  return (
    <RowFrame
      row={row}
      scene={scene}
      label={`Tool ${row.name}`}
      tone={row.bad ? "bad" : "plain"}
      figures={
        <>
          <ToolStateMark state={row.state} />
          <DurationFigure row={row} scene={scene} />
          <span className="min-w-14 max-sm:hidden" />
        </>
      }
    >
      <div className="flex min-w-0 items-center gap-1.5">
        <Button
          variant="ghost"
          size="sm"
          aria-expanded={scene.expanded}
          aria-label={`${scene.expanded ? "Fold" : "Unfold"} ${row.name}`}
          onClick={() => scene.onToggle(row)}
          className="relative z-10 -ml-1 px-1"
        >
          {scene.expanded ? (
            <ChevronDown size={14} aria-hidden />
          ) : (
            <ChevronRight size={14} aria-hidden />
          )}
        </Button>
        <Wrench size={14} aria-hidden className="shrink-0 text-series-3" />
        <span className="max-w-1/2 shrink-0 truncate font-mono text-sm font-medium">
          {row.name}
        </span>
        {kind ? (
          <Tag title={row.server ?? undefined} className="max-w-1/4 shrink-0">
            {row.server ?? kind}
          </Tag>
        ) : null}
        {row.depth === 0 ? <ThreadTag scene={scene} /> : null}
        {scene.expanded ? null : (
          <span className="truncate font-mono text-sm text-ink-2">{input}</span>
        )}
      </div>
      {row.use === null ? (
        <p className="pl-6 text-sm text-ink-3">The call lies earlier in the session.</p>
      ) : null}
      {scene.expanded ? (
        <ToolBody row={row} />
      ) : output ? (
        <p className={`truncate pl-6 text-sm ${row.bad ? "text-fail" : "text-ink-3"}`}>{output}</p>
      ) : null}
    </RowFrame>
  );
}

export function ApprovalView({ row, scene }: { row: ApprovalRow; scene: RowScene }) {
  const waitedMs = row.endUs !== null && row.atUs !== null ? (row.endUs - row.atUs) / 1000 : null;
  const asked = row.result === null && row.endUs === null;
  const word =
    row.result === "deny" ? "denied" : row.result === "allow" ? "allowed" : (row.result ?? "asked");
  return (
    <RowFrame
      row={row}
      scene={scene}
      label={`Approval of ${row.name}`}
      tone={asked && scene.live ? "wait" : "plain"}
      figures={
        <>
          <DurationFigure row={row} scene={scene} />
          <span className="min-w-14 max-sm:hidden" />
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-x-2 pl-5">
        <Hourglass size={14} aria-hidden className="text-wait" />
        <span>
          Approval of <span className="font-mono text-sm">{row.name}</span>:{" "}
          {asked ? (
            <span className="text-wait">waits for a human</span>
          ) : (
            <>
              <span className={row.result === "deny" ? "text-stop" : "text-ok"}>{word}</span>
              {waitedMs === null ? null : ` after ${formatDuration(waitedMs)} by a human`}
            </>
          )}
        </span>
      </div>
      {row.denyMessage ? (
        <RowText className="pl-10 text-sm text-ink-2">“{row.denyMessage}”</RowText>
      ) : null}
    </RowFrame>
  );
}
