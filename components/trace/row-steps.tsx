"use client";
import { ArrowRight, Bot, Brain, Cpu, Terminal, User } from "lucide-react";
import { ContentView } from "@/components/trace/content-view";
import {
  CostFigure,
  DurationFigure,
  RowFrame,
  type RowScene,
  RowText,
} from "@/components/trace/row-frame";
import { Tag } from "@/components/ui/tag";
import { formatCompact, formatDuration } from "@/lib/format";
import type {
  HandoffRow,
  MessageRow,
  RequestRow,
  ThinkingRow,
  Usage,
} from "@/lib/sessions/transcript-rows";

/** "3,175 in · 1,200 cached · 320 out"; parts that are zero are left out. */
export function usageWords(usage: Usage): string {
  const parts = [
    [usage.input_tokens, "in"],
    [usage.cache_read_tokens, "cached"],
    [usage.cache_write_tokens, "cache write"],
    [usage.output_tokens, "out"],
  ] as const;
  return parts
    .filter(([tokens]) => tokens > 0)
    .map(([tokens, word]) => `${formatCompact(tokens)} ${word}`)
    .join(" · ");
}

export function ThreadTag({ scene }: { scene: RowScene }) {
  return scene.threadName === null ? null : <Tag className="max-w-40">{scene.threadName}</Tag>;
}

export function RequestView({ row, scene }: { row: RequestRow; scene: RowScene }) {
  const who = scene.threadName === null ? "" : `, ${scene.threadName}`;
  return (
    <RowFrame
      row={row}
      scene={scene}
      label={`Model request${who}`}
      tone={row.bad ? "bad" : "plain"}
      figures={
        <>
          <DurationFigure row={row} scene={scene} />
          <CostFigure nanos={row.costNanos} />
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-x-2">
        <Cpu size={14} aria-hidden className="text-series-1" />
        <span className="font-medium">Model request</span>
        <ThreadTag scene={scene} />
        {row.state === "error" ? <span className="text-fail">✕ failed</span> : null}
        {row.state === "open" ? <span className="text-run">running</span> : null}
        {row.state === "unknown" ? <span className="text-ink-3">end unknown</span> : null}
        {row.usage ? <span className="text-sm text-ink-3">{usageWords(row.usage)}</span> : null}
      </div>
    </RowFrame>
  );
}

const SPEAKERS = {
  user: { name: "User", icon: User },
  agent: { name: "Agent", icon: Bot },
  system: { name: "System", icon: Terminal },
};

export function MessageView({ row, scene }: { row: MessageRow; scene: RowScene }) {
  const { name, icon: Icon } = SPEAKERS[row.from];
  return (
    <RowFrame
      row={row}
      scene={scene}
      label={`${name} message`}
      tone={row.queued ? "wait" : "plain"}
    >
      <div className="flex flex-col gap-0.5 pb-1">
        <div className="flex items-center gap-2">
          <Icon
            size={14}
            aria-hidden
            className={row.from === "user" ? "text-accent" : "text-ink-2"}
          />
          <span className="font-medium">{name}</span>
          {row.depth === 0 ? <ThreadTag scene={scene} /> : null}
          {row.queued ? (
            <span className="text-sm text-wait">⧗ queued: not taken in yet</span>
          ) : null}
          {row.placed ? (
            <span className="text-sm text-ink-3">came without a time, shown where it began</span>
          ) : null}
        </div>
        <RowText className="max-w-[88ch]">
          <ContentView
            content={row.content}
            reading="prose"
            limit={scene.expanded ? 40_000 : 3000}
          />
        </RowText>
      </div>
    </RowFrame>
  );
}

export function ThinkingView({ row, scene }: { row: ThinkingRow; scene: RowScene }) {
  return (
    <RowFrame row={row} scene={scene} label="Thinking">
      <div className="flex items-center gap-2 text-ink-3">
        <Brain size={14} aria-hidden />
        thinking
      </div>
    </RowFrame>
  );
}

export function HandoffView({ row, scene }: { row: HandoffRow; scene: RowScene }) {
  const travelMs =
    row.receivedUs !== null && row.atUs !== null ? (row.receivedUs - row.atUs) / 1000 : null;
  return (
    <RowFrame row={row} scene={scene} label={`Message from ${row.from} to ${row.to}`}>
      <div className="flex flex-col gap-0.5 pb-1">
        <div className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{row.from}</span>
          <ArrowRight size={14} aria-hidden className="text-accent" />
          <span className="sr-only">to</span>
          <span className="font-medium">{row.to}</span>
          {travelMs !== null && travelMs > 0 ? (
            <span className="text-sm text-ink-3">received {formatDuration(travelMs)} later</span>
          ) : null}
        </div>
        <RowText className="max-w-[88ch] border-l-2 border-accent pl-2">
          <ContentView
            content={row.content}
            reading="prose"
            limit={scene.expanded ? 40_000 : 1500}
          />
        </RowText>
      </div>
    </RowFrame>
  );
}
