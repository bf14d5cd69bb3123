import type { TurnItem } from "@/lib/sessions/detail-schema";
import type { EventItem, SpanItem, SpanState, ThreadItem } from "@/lib/sessions/schema";

/**
 * What a reader sees of a session, in reading order.
 * `view` is "all" threads woven together, "primary", or one child's id.
 * `start`/`end` say whether the events reach the session's own start and end.
 * `untilUs` hides everything later (replay): what is open at that instant is shown as open.
 */
export type TranscriptInput = {
  events: readonly EventItem[];
  spans: readonly SpanItem[];
  threads: readonly ThreadItem[];
  turns?: readonly TurnItem[];
  view: string;
  edges: { start: boolean; end: boolean };
  untilUs?: number | null;
};

type Base = {
  key: string;
  /** The event a click selects; null for headings that stand for no single event. */
  eventId: string | null;
  /** The thread the row belongs to; null is the primary one. */
  threadId: string | null;
  atUs: number | null;
  /** 0 stands alone, 1 belongs to the model request above. */
  depth: 0 | 1;
  /** Bookkeeping: folded away until asked for. */
  quiet: boolean;
  /** Something went wrong here: what "next error" stops at. */
  bad: boolean;
  item: EventItem | null;
  /** Events told by this row besides its own: answers, ends, other sides. */
  folds: readonly string[];
};

export type Usage = NonNullable<SpanItem["usage"]>;

export type TurnRow = Base & {
  kind: "turn";
  number: number | null;
  spanId: string | null;
  endUs: number | null;
  ended: string | null;
  tone: "ok" | "wait" | "bad" | "open";
  /** Its start lies before the events at hand. */
  continued: boolean;
  figures: TurnItem | null;
};
export type GapRow = Base & {
  kind: "gap";
  endUs: number | null;
  /** Threads that did something while the session itself had no turn. */
  workers: string[];
};
export type RequestRow = Base & {
  kind: "request";
  endUs: number | null;
  state: SpanState;
  usage: Usage | null;
  costNanos: number | null;
  spanId: string | null;
  steps: number;
};
export type MessageRow = Base & {
  kind: "message";
  from: "user" | "agent" | "system";
  content: unknown;
  /** Not taken in by the agent yet. */
  queued: boolean;
  /** Came without a time; its place is concluded. */
  placed: boolean;
};
export type ThinkingRow = Base & { kind: "thinking" };
export type ToolRow = Base & {
  kind: "tool";
  name: string;
  toolKind: "builtin" | "mcp" | "custom";
  server: string | null;
  use: EventItem | null;
  result: EventItem | null;
  confirmation: EventItem | null;
  spanId: string | null;
  state: SpanState;
  endUs: number | null;
  /** Known to have a result that is not among the events at hand. */
  resultElsewhere: string | null;
};
export type ApprovalRow = Base & {
  kind: "approval";
  name: string;
  result: string | null;
  denyMessage: string | null;
  endUs: number | null;
};
export type HandoffRow = Base & {
  kind: "handoff";
  from: string;
  to: string;
  toThreadId: string | null;
  content: unknown;
  receivedUs: number | null;
};
export type StatusRow = Base & {
  kind: "status";
  state: string;
  label: string;
  notes: string[];
};
export type ErrorRow = Base & {
  kind: "error";
  errorType: string;
  message: string;
  retry: string | null;
};
export type EvaluationRow = Base & {
  kind: "evaluation";
  iteration: number | null;
  result: string | null;
  explanation: string | null;
  endUs: number | null;
  usage: Usage | null;
  costNanos: number | null;
};
export type MarkRow = Base & {
  kind: "mark";
  mark:
    | "compaction"
    | "interrupt"
    | "update"
    | "goal"
    | "thread"
    | "workflow"
    | "deleted"
    | "usage";
  label: string;
  detail: string | null;
};
export type GenericRow = Base & { kind: "event"; type: string };

export type StepRow =
  | RequestRow
  | MessageRow
  | ThinkingRow
  | ToolRow
  | ApprovalRow
  | HandoffRow
  | StatusRow
  | ErrorRow
  | EvaluationRow
  | MarkRow
  | GenericRow;
export type TranscriptRow = TurnRow | GapRow | StepRow;

/** The API's own word for the primary thread in a query. */
export const PRIMARY = "primary";
