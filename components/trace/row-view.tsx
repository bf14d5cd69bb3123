"use client";
import { memo } from "react";
import type { RowScene } from "@/components/trace/row-frame";
import {
  ErrorView,
  EvaluationView,
  GenericView,
  MarkView,
  StatusView,
} from "@/components/trace/row-marks";
import { HandoffView, MessageView, RequestView, ThinkingView } from "@/components/trace/row-steps";
import { ApprovalView, ToolView } from "@/components/trace/row-tool";
import { GapView, TurnView } from "@/components/trace/row-turn";
import type { TranscriptRow } from "@/lib/sessions/transcript-rows";

type RowProps = { row: TranscriptRow } & RowScene;

/** One row of the transcript. Drawn again only when the row or its part of the scene changes. */
export const RowView = memo(function RowView({ row, ...scene }: RowProps) {
  switch (row.kind) {
    case "turn":
      return <TurnView row={row} scene={scene} />;
    case "gap":
      return <GapView row={row} scene={scene} />;
    case "request":
      return <RequestView row={row} scene={scene} />;
    case "message":
      return <MessageView row={row} scene={scene} />;
    case "thinking":
      return <ThinkingView row={row} scene={scene} />;
    case "tool":
      return <ToolView row={row} scene={scene} />;
    case "approval":
      return <ApprovalView row={row} scene={scene} />;
    case "handoff":
      return <HandoffView row={row} scene={scene} />;
    case "status":
      return <StatusView row={row} scene={scene} />;
    case "error":
      return <ErrorView row={row} scene={scene} />;
    case "evaluation":
      return <EvaluationView row={row} scene={scene} />;
    case "mark":
      return <MarkView row={row} scene={scene} />;
    case "event":
      return <GenericView row={row} scene={scene} />;
  }
});
