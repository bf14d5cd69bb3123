import { usageKey } from "@/lib/costs/pricing";
import type { PriceBook, TokenCounts } from "@/lib/costs/schema";
import type { Span } from "./schema";
import type { SessionFold, ThreadFold } from "./state";
import { isCall } from "./tool-spans";

/** The folds a span's figures are summed into, and the book that says which tokens may be summed. */
export type Sums = {
  session: SessionFold;
  book: PriceBook;
  threadOf(threadId: string): ThreadFold;
};

/**
 * Adds (`sign` 1) or takes out (-1) what one span contributes. Every total is a sum over spans, so
 * a changed span moves totals by exactly its difference.
 */
export function applySpan(sums: Sums, span: Span, sign: 1 | -1): void {
  const { totals } = sums.session;
  switch (span.kind) {
    case "model_request":
      totals.requests += sign;
      sums.threadOf(span.threadId).requests += sign;
      addTokens(sums, span, sign, "");
      break;
    case "outcome_evaluation":
      addTokens(sums, span, sign, GRADER);
      break;
    case "tool":
      if (!isCall(span)) break;
      totals.calls += sign;
      if (span.state === "error") totals.toolErrors += sign;
      if (span.state === "denied") totals.denials += sign;
      tally(sums.session.tools, span.name, sign);
      break;
    case "wait":
      totals.waitedUs += sign * Number(span.attributes._waited_us ?? 0);
      break;
    case "mark":
      if (span.name === "session.error") addError(sums.session, span, sign);
      break;
    default:
  }
}

/** Marks a grader's tokens in a thread's usage: its model is not told. */
export const GRADER = "grader:";

function addTokens(sums: Sums, span: Span, sign: 1 | -1, prefix: string): void {
  if (span.tokens === null) return;
  const { input, cacheRead, cacheWrite } = span.tokens;
  const speed = typeof span.attributes.speed === "string" ? span.attributes.speed : null;
  const atUs = span.endedUs ?? span.startedUs;
  const promptTokens = input + cacheRead + cacheWrite;
  const key = prefix + usageKey({ speed, promptTokens, atUs }, sums.book);
  const { usage } = sums.threadOf(span.threadId);
  const sum = addCounts(usage[key], span.tokens, sign);
  if (sum) usage[key] = sum;
  else delete usage[key];
}

/** Sum of two counts; null when nothing is left, so that no trace of a withdrawn span stays. */
export function addCounts(
  left: TokenCounts | undefined,
  right: TokenCounts,
  sign: 1 | -1,
): TokenCounts | null {
  const sum = {
    input: (left?.input ?? 0) + sign * right.input,
    cacheWrite: (left?.cacheWrite ?? 0) + sign * right.cacheWrite,
    cacheRead: (left?.cacheRead ?? 0) + sign * right.cacheRead,
    output: (left?.output ?? 0) + sign * right.output,
  };
  return sum.input || sum.cacheWrite || sum.cacheRead || sum.output ? sum : null;
}

/** Names come from senders: one like `constructor` must not find what every object inherits. */
export function tally(counts: Record<string, number>, key: string, sign: 1 | -1): void {
  const left = (ownOf(counts, key) ?? 0) + sign;
  if (left > 0) counts[key] = left;
  else delete counts[key];
}

export function ownOf<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The newest error's words stand; they are only ever replaced by newer ones, or by a whole re-fold. */
function addError(session: SessionFold, span: Span, sign: 1 | -1): void {
  const type = String(span.attributes.error_type ?? "unknown_error");
  const standing = ownOf(session.errors, type);
  const us = span.startedUs ?? 0;
  // Two threads may name one event: the span's id tells them apart.
  const { id } = span;
  const count = (standing?.count ?? 0) + sign;
  if (count <= 0) {
    delete session.errors[type];
    return;
  }
  const isLatest = !standing || us > standing.us || (us === standing.us && id > standing.id);
  session.errors[type] =
    sign === 1 && isLatest
      ? { count, us, id, message: String(span.attributes.label ?? "") }
      : { us, id, message: "", ...standing, count };
}
