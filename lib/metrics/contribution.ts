import { runtimeNanos } from "@/lib/costs/pricing";
import { costOfSpan } from "@/lib/sessions/span-cost";
import { addTo, type CellMap, minuteOf } from "./cells";
import { groupKey } from "./error-group";
import { observed } from "./histogram";
import type { Measures, SpanFacts, SpanPricing } from "./schema";

const MINUTE_US = 60_000_000;
const HOUR_MINUTES = 60;
const HOUR_US = HOUR_MINUTES * MINUTE_US;
/** Longer running than this is spread over hours, the finest that is kept for ever. */
const MOST_MINUTES = 7 * 24 * HOUR_MINUTES;

/**
 * What one span gives, or takes back (`sign` -1). A span counts at its end; while it is open, at its
 * start. Cache writes are taken for 5-minute ones: what the session tells of them stands in its row.
 */
export function addSpan(cells: CellMap, span: SpanFacts, pricing: SpanPricing, sign: 1 | -1): void {
  const us = span.endedUs ?? span.startedUs;
  if (us === null) return;
  const minute = minuteOf(us);
  switch (span.kind) {
    case "turn":
      if (span.threadId === "") addTurn(cells, span, minute, sign);
      break;
    case "model_request":
    case "outcome_evaluation":
      addRequest(cells, span, { us, minute, pricing, sign });
      break;
    case "expiry":
      addExpiry(cells, span, { us, minute, pricing, sign });
      break;
    case "tool":
      if (span.startEventId !== null) addTool(cells, span, minute, sign);
      break;
    case "approval":
      addApproval(cells, span, minute, sign);
      break;
    case "mark":
      if (span.name === "session.error") addError(cells, span, minute, sign);
      if (span.name.endsWith(".error")) addFault(cells, span, minute, sign);
      break;
    case "state":
      addState(cells, span, pricing, sign);
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

function addTurn(cells: CellMap, span: SpanFacts, minute: number, sign: 1 | -1): void {
  const key = turnOutcome(span);
  const ms = lengthOf(span.startedUs, span.endedUs);
  const failed = span.state === "error" ? sign : 0;
  const measures = { count: sign, failed, ms: sign * (ms ?? 0) };
  addTo(cells, { minute, family: "turn", key }, measures, observation(ms, sign));
  addFirstOutput(cells, span, sign);
}

/** Counts when it came, also while its turn still runs. */
function addFirstOutput(cells: CellMap, span: SpanFacts, sign: 1 | -1): void {
  const { first_output_ms: ms } = span.attributes;
  if (typeof ms !== "number" || span.startedUs === null) return;
  const minute = minuteOf(span.startedUs + ms * 1000);
  const measures = { count: sign, ms: sign * ms };
  addTo(cells, { minute, family: "first_output", key: "" }, measures, observation(ms, sign));
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

type Priced = { us: number; minute: number; pricing: SpanPricing; sign: 1 | -1 };

function addRequest(cells: CellMap, span: SpanFacts, { us, minute, pricing, sign }: Priced): void {
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
  addTo(cells, { minute, family: "request", key }, measures, observation(ms, sign));
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
function addExpiry(cells: CellMap, span: SpanFacts, { us, minute, pricing, sign }: Priced): void {
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
  addTo(cells, { minute, family: "expired", key: modelOf(span, pricing) }, measures);
}

/** A call's own time: what somebody took to allow it is the approval's. */
function addTool(cells: CellMap, span: SpanFacts, minute: number, sign: 1 | -1): void {
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
  addTo(cells, { minute, family: "tool", key: span.name }, measures, observation(ms, sign));
  const { mcp_server: server } = span.attributes;
  if (typeof server === "string")
    addTo(cells, { minute, family: "mcp", key: server }, measures, observation(ms, sign));
  if (span.state === "error") addFault(cells, span, minute, sign);
}

function addApproval(cells: CellMap, span: SpanFacts, minute: number, sign: 1 | -1): void {
  const ms = lengthOf(span.startedUs, span.endedUs);
  if (ms === null) return;
  const measures = { count: sign, denied: span.state === "denied" ? sign : 0, ms: sign * ms };
  addTo(cells, { minute, family: "approval", key: span.name }, measures, observation(ms, sign));
}

function addError(cells: CellMap, span: SpanFacts, minute: number, sign: 1 | -1): void {
  const { error_type: type, retry_status: retry } = span.attributes;
  const failed = retry === "retrying" ? 0 : sign;
  const key = typeof type === "string" ? type : "unknown_error";
  addTo(cells, { minute, family: "error", key }, { count: sign, failed });
}

/** An error or a failed call under what it says; `failed` are those that were not tried again. */
function addFault(cells: CellMap, span: SpanFacts, minute: number, sign: 1 | -1): void {
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
  addTo(cells, { minute, family: "fault", key }, { count: sign, failed });
}

function addState(cells: CellMap, span: SpanFacts, pricing: SpanPricing, sign: 1 | -1): void {
  if (span.startedUs === null) return;
  if (span.name === "rescheduling") {
    const place = { minute: minuteOf(span.startedUs), family: "reschedule", key: "" } as const;
    addTo(cells, place, { count: sign });
  }
  if (span.name === "waiting") addChange(cells, "waiting", span, sign);
  // One that is put off to try again is still at work, as its outcome says.
  if (span.name === "running" || span.name === "rescheduling")
    addChange(cells, "running", span, sign);
  if (span.name === "running" && span.endedUs !== null)
    addRuntime(cells, { ...span, pricing, sign });
}

function addChange(
  cells: CellMap,
  family: "running" | "waiting",
  { startedUs, endedUs }: SpanFacts,
  sign: 1 | -1,
): void {
  if (startedUs === null) return;
  addTo(cells, { minute: minuteOf(startedUs), family, key: "" }, { count: sign });
  if (endedUs !== null)
    addTo(cells, { minute: minuteOf(endedUs), family, key: "" }, { count: -sign });
}

type Running = Pick<SpanFacts, "startedUs" | "endedUs"> & { pricing: SpanPricing; sign: 1 | -1 };

/** In steps of minutes, each with its share of the milliseconds, which add up to the whole. */
function addRuntime(cells: CellMap, { startedUs, endedUs, pricing, sign }: Running): void {
  if (startedUs === null || endedUs === null || endedUs <= startedUs) return;
  const minutes = minuteOf(endedUs) - minuteOf(startedUs) + 1;
  const stepMinutes = minutes > MOST_MINUTES ? HOUR_MINUTES : 1;
  const stepUs = stepMinutes * MINUTE_US;
  let told = 0;
  for (let from = startedUs; from < endedUs; ) {
    const to = Math.min(endedUs, (Math.floor(from / stepUs) + 1) * stepUs);
    const until = Math.round((to - startedUs) / 1000);
    const ms = until - told;
    const nanos = pricing.runtimeBilled ? runtimeNanos(ms, pricing.book, from) : 0;
    const minute = Math.floor(from / stepUs) * stepMinutes;
    addTo(cells, { minute, family: "runtime", key: "" }, { ms: sign * ms, nanos: sign * nanos });
    told = until;
    from = to;
  }
}
