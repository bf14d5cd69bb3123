import { AppError } from "@/lib/http/errors";
import { openOutbound } from "@/lib/http/outbound";
import { OutboundError } from "@/lib/http/outbound-error";
import { retryAfterOf } from "../backoff";
import { type Outcome, SHOWN_BYTES, statusError, verdictOf } from "../outcome";

const TIMEOUT_MS = 15_000;

/** What went wrong before anything of the message was on its way, as `networkError` says it. */
const NEVER_LEFT =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|UNREACH|CONNECT_TIMEOUT|was not called|certificate|speak TLS/;

export type Post = { url: string; headers?: Record<string, string>; body: string };

/** One POST of JSON, and what came of it. */
export async function post({ url, headers = {}, body }: Post): Promise<Outcome> {
  const startedMs = performance.now();
  const msSince = () => Math.round(performance.now() - startedMs);
  const call = openOutbound({ timeoutMs: TIMEOUT_MS, maxBytes: null, redirects: "return" });
  try {
    const response = await call(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "watchkeeper", ...headers },
      body,
    });
    const text = await beginningOf(response);
    const { status } = response;
    return {
      verdict: verdictOf(status),
      status,
      body: text,
      ms: msSince(),
      error: statusError(status),
      retryAfterMs: retryAfterOf(response.headers.get("retry-after"), Date.now()),
      uncertain: false,
      unreachable: status === 429,
    };
  } catch (error) {
    return { ...outcomeOf(error), ms: msSince() };
  }
}

/** Its status is the answer: what goes wrong with the rest of the body is of no account. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    while (reader && bytes < SHOWN_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      bytes += value.byteLength;
    }
  } catch {
    // Cut or too slow.
  }
  reader?.cancel().catch(() => {});
  const text = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, SHOWN_BYTES));
  return text.replaceAll("\u0000", "");
}

/** Of an attempt that ended in an error instead of an answer. */
export function outcomeOf(error: unknown): Outcome {
  const none = { status: null, body: "", ms: 0, retryAfterMs: null };
  const message = error instanceof AppError ? error.message : "It could not be sent.";
  if (!(error instanceof OutboundError))
    return { ...none, verdict: "failed", error: message, uncertain: false, unreachable: false };
  const isLost = error.reason === "timeout" || error.reason === "network";
  return {
    ...none,
    verdict: isLost ? "retry" : "failed",
    error: message,
    uncertain: isLost && !NEVER_LEFT.test(message),
    unreachable: isLost,
  };
}
