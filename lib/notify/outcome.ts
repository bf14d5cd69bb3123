import type { Attempt } from "./delivery-schema";

/** What came of one attempt. */
export type Outcome = {
  /** `gone`: the receiver says that it will never take anything again. */
  verdict: "sent" | "retry" | "failed" | "gone";
  status: number | null;
  /** The beginning of what was answered. */
  body: string;
  ms: number;
  error: string | null;
  retryAfterMs: number | null;
  /** No answer came, so that it may have arrived all the same. */
  uncertain: boolean;
  /** It was not reached, or did not answer in time: the next one would wait as long. */
  unreachable: boolean;
};

export const SHOWN_BYTES = 2_048;

/** What an HTTP status means for a message. */
export function verdictOf(status: number): Outcome["verdict"] {
  if (status >= 200 && status < 300) return "sent";
  if (status === 410) return "gone";
  if (status === 408 || status === 425 || status === 429 || status >= 500) return "retry";
  return "failed";
}

export function statusError(status: number): string | null {
  switch (verdictOf(status)) {
    case "sent":
      return null;
    case "gone":
      return "It answers that this address is gone (410): nothing more is sent to it.";
    case "retry":
      return status === 429
        ? "It asks for fewer messages (429)."
        : `It could not take the message (${status}).`;
    case "failed":
      return status >= 300 && status < 400
        ? `It answers with a redirect (${status}), and redirects are not followed. Enter the address it leads to.`
        : `It refuses the message (${status}).`;
  }
}

export function attemptOf(outcome: Outcome, atMs: number): Attempt {
  const { status, body, ms, error, uncertain } = outcome;
  return { at: new Date(atMs).toISOString(), ms, status, body, error, uncertain };
}
