import { costOfSpan } from "@/lib/sessions/span-cost";
import { type CellMap, intoCells, type Tell } from "./cells";
import { tellContext } from "./context";
import { groupKey } from "./error-group";
import { observed } from "./histogram";
import { tellRuntime } from "./runtime";
import type { Measures, SpanFacts, SpanPricing } from "./schema";

const HOUR_US = 3_600_000_000;

/** What one span adds to a session's minutes, or takes back (`sign` -1). */
export function addSpan(cells: CellMap, span: SpanFacts, pricing: SpanPricing, sign: 1 | -1): void {
  tellSpan(intoCells(cells), span, { pricing, sign });
}

type Part = {
  pricing: SpanPricing;
  sign: 1 | -1;
  /** Of running time, only what is told of these microseconds is needed. */
  within?: { fromUs: number; toUs: number };
};

/**
 * What one span gives, each at its instant. A span counts at its end; while it is open, at its
 * start. Cache writes are taken for 5-minute ones: what the session tells of them stands in its row.
 */
export function tellSpan(tell: Tell, span: SpanFacts, part: Part): void {
  const us = span.endedUs ?? span.startedUs;
  if (us === null) return;
  const { sign } = part;
  const priced = { us, ...part };
  switch (span.kind) {
    case "turn":
      if (span.threadId === "") addTurn(tell, span, us, sign);
      break;
    case "model_request":
    case "outcome_evaluation":
      addRequest(tell, span, priced);
      break;
    case "expiry":
      addExpiry(tell, span, priced);
      break;
    case "context":
      tellContext(tell, span, part);
      break;
    case "tool":
      if (span.startEventId !== null) addTool(tell, span, us, sign);
      break;
    case "approval":
      addApproval(tell, span, us, sign);
      break;
    case "mark":
      if (span.name === "session.error") addError(tell, span, us, sign);
      if (span.name.endsWith(".error")) addFault(tell, span, us, sign);
      break;
    case "state":
      addState(tell, span, part);
      break;
    default:
  }
}

/** Whole milliseconds; null while the span is open or where its times make no sense. */
function lengthOf(fromUs: number | null, toUs: number | null): number | null {
  if (fromUs === null || toUs === null || toUs < fromUs) return null;
  return Math.floor((toUs - fromUs) / 1000);
}

const observation = (ms: number | null, sign: 1 | -1) => (ms === null ? [] : [observed(ms, sign)]);

function addTurn(tell: Tell, span: SpanFacts, us: number, sign: 1 | -1): void {
  const key = turnOutcome(span);
  const ms = lengthOf(span.startedUs, span.endedUs);
  const failed = span.state === "error" ? sign : 0;
  const measures = { count: sign, failed, ms: sign * (ms ?? 0) };
  tell({ us, family: "turn", key, measures, observations: observation(ms, sign) });
  addFirstOutput(tell, span, sign);
}

/** Counts when it came, also while its turn still runs. */
function addFirstOutput(tell: Tell, span: SpanFacts, sign: 1 | -1): void {
  const { first_output_ms: ms } = span.attributes;
  if (typeof ms !== "number" || span.startedUs === null) return;
  const us = span.startedUs + ms * 1000;
  const measures = { count: sign, ms: sign * ms };
  tell({ us, family: "first_output", key: "", measures, observations: observation(ms, sign) });
}

/** In the words of a session's outcomes. */
function turnOutcome({ endedUs, attributes }: SpanFacts): string {
  if (endedUs === null) return "running";
  switch (attributes.stop_reason) {
    case "end_turn":
      return attributes.interrupted === true ? "interrupted" : "completed";
    case "requires_action":
      return "waiting";
    case "budget_reached":
      return "budget_paused";
    case "refusal":
      return "refused";
    case "retries_exhausted":
    case "terminated":
      return attributes.stop_reason;
    default:
      return "unknown";
  }
}

type Priced = Part & { us: number };

function addRequest(tell: Tell, span: SpanFacts, { us, pricing, sign }: Priced): void {
  const { tokens } = span;
  const isRequest = span.kind === "model_request";
  if (!isRequest && tokens === null) return;
  const cost = costOfSpan(
    { kind: span.kind, threadId: span.threadId, tokens, speed: reportedSpeed(span), atUs: us },
    { split: null, ...pricing },
  );
  const ms = isRequest ? lengthOf(span.startedUs, span.endedUs) : null;
  const measures: Measures = {
    count: isRequest ? sign : 0,
    failed: isRequest && span.state === "error" ? sign : 0,
    ms: sign * (ms ?? 0),
    nanos: sign * (cost?.nanos ?? 0),
    input_tokens: sign * (tokens?.input ?? 0),
    cache_write_5m_tokens: sign * (tokens?.cacheWrite ?? 0),
    cache_read_tokens: sign * (tokens?.cacheRead ?? 0),
    output_tokens: sign * (tokens?.output ?? 0),
    unpriced_tokens: sign * (cost?.unpricedTokens ?? 0),
  };
  const key = modelOf(span, pricing);
  tell({ us, family: "request", key, measures, observations: observation(ms, sign) });
}

/** The speed that a span's request reports; null where it runs at its thread's. */
const reportedSpeed = ({ attributes: { speed } }: SpanFacts) =>
  typeof speed === "string" ? speed : null;

/** The model a span's thread runs on; '' where nobody told it. */
function modelOf({ threadId }: SpanFacts, { session, threads }: SpanPricing): string {
  const thread = threads.get(threadId);
  return (thread && thread.model !== null ? thread.model : session.model) ?? "";
}

/** At the request that wrote again, at its model's prices; without a price the tokens alone. */
function addExpiry(tell: Tell, span: SpanFacts, { us, pricing, sign }: Priced): void {
  const again = span.tokens?.cacheWrite ?? 0;
  const costOf = (tokens: { cacheWrite: number; cacheRead: number }) =>
    costOfSpan(
      {
        ...{ kind: "model_request", threadId: span.threadId, speed: reportedSpeed(span), atUs: us },
        tokens: { input: 0, output: 0, ...tokens },
      },
      { split: null, ...pricing },
    )?.nanos ?? 0;
  const nanos =
    costOf({ cacheWrite: again, cacheRead: 0 }) - costOf({ cacheWrite: 0, cacheRead: again });
  // Within the hour that the longer of the two lifetimes would have kept it.
  const isBrief = span.startedUs !== null && us - span.startedUs <= HOUR_US;
  const tokens = isBrief
    ? { cache_write_5m_tokens: sign * again }
    : { cache_write_1h_tokens: sign * again };
  const measures = { count: sign, nanos: sign * nanos, ...tokens };
  tell({ us, family: "expired", key: modelOf(span, pricing), measures });
}

/** A call's own time: what somebody took to allow it is the approval's. */
function addTool(tell: Tell, span: SpanFacts, us: number, sign: 1 | -1): void {
  const { _confirmed_us: confirmedUs } = span.attributes;
  const fromUs =
    typeof confirmedUs === "number" && span.startedUs !== null
      ? Math.max(span.startedUs, confirmedUs)
      : span.startedUs;
  const ms = lengthOf(fromUs, span.endedUs);
  const measures = {
    count: sign,
    failed: span.state === "error" ? sign : 0,
    denied: span.state === "denied" ? sign : 0,
    ms: sign * (ms ?? 0),
  };
  tell({ us, family: "tool", key: span.name, measures, observations: observation(ms, sign) });
  const { mcp_server: server } = span.attributes;
  if (typeof server === "string")
    tell({ us, family: "mcp", key: server, measures, observations: observation(ms, sign) });
  if (span.state === "error") addFault(tell, span, us, sign);
}

function addApproval(tell: Tell, span: SpanFacts, us: number, sign: 1 | -1): void {
  const ms = lengthOf(span.startedUs, span.endedUs);
  if (ms === null) return;
  const measures = { count: sign, denied: span.state === "denied" ? sign : 0, ms: sign * ms };
  tell({ us, family: "approval", key: span.name, measures, observations: observation(ms, sign) });
}

function addError(tell: Tell, span: SpanFacts, us: number, sign: 1 | -1): void {
  const { error_type: type, retry_status: retry } = span.attributes;
  const failed = retry === "retrying" ? 0 : sign;
  const key = typeof type === "string" ? type : "unknown_error";
  tell({ us, family: "error", key, measures: { count: sign, failed } });
}

/** An error or a failed call under what it says; `failed` are those that were not tried again. */
function addFault(tell: Tell, span: SpanFacts, us: number, sign: 1 | -1): void {
  const { error_type, mcp_server, retry_status, _error } = span.attributes;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const isTool = span.kind === "tool";
  const key = groupKey({
    kind: isTool ? "tool" : span.name === "session.error" ? "session" : "workflow",
    errorType: isTool ? "" : text(error_type) || "unknown_error",
    tool: isTool ? span.name : "",
    mcpServer: text(mcp_server),
    message: text(_error),
  });
  const failed = retry_status === "retrying" ? 0 : sign;
  tell({ us, family: "fault", key, measures: { count: sign, failed } });
}

function addState(tell: Tell, span: SpanFacts, part: Part): void {
  const { startedUs, endedUs, name } = span;
  if (startedUs === null) return;
  const once = { count: part.sign };
  if (name === "rescheduling")
    tell({ us: startedUs, family: "reschedule", key: "", measures: once });
  if (name === "waiting") addChange(tell, "waiting", span, part.sign);
  // One that is put off to try again is still at work, as its outcome says.
  if (name === "running" || name === "rescheduling") addChange(tell, "running", span, part.sign);
  if (name === "running" && endedUs !== null) tellRuntime(tell, { ...part, startedUs, endedUs });
}

function addChange(
  tell: Tell,
  family: "running" | "waiting",
  { startedUs, endedUs }: SpanFacts,
  sign: 1 | -1,
): void {
  if (startedUs === null) return;
  tell({ us: startedUs, family, key: "", measures: { count: sign } });
  if (endedUs !== null) tell({ us: endedUs, family, key: "", measures: { count: -sign } });
}
