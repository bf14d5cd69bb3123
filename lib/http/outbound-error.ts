import { AppError } from "./errors";

/** Why an outbound call did not come to an answer. */
export type OutboundReason =
  | "bad_url"
  | "refused_address"
  | "redirect"
  | "too_large"
  | "timeout"
  | "network";

const CODES = {
  bad_url: "invalid",
  refused_address: "invalid",
  redirect: "invalid",
  too_large: "unavailable",
  timeout: "unavailable",
  network: "unavailable",
} as const;

/** Its message holds the host called, never a path, a query or a header. */
export class OutboundError extends AppError {
  override name = "OutboundError";
  readonly reason: OutboundReason;

  constructor(reason: OutboundReason, message: string, cause?: unknown) {
    super(CODES[reason], message, { cause });
    this.reason = reason;
  }
}

/** The first of our own errors among an error and its causes: libraries wrap what `fetch` throws. */
export function findOutboundError(error: unknown): OutboundError | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; depth++) {
    if (cause instanceof OutboundError) return cause;
    cause = cause.cause;
  }
  return null;
}

/** What went wrong on the way to `host`, in plain words. */
export function networkError(error: unknown, host: string): OutboundError {
  const code = codeOf(error);
  return new OutboundError("network", `${host} ${sentenceOf(code)}`, error);
}

function codeOf(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; depth++) {
    const { code } = cause as { code?: unknown };
    if (typeof code === "string") return code;
    if (cause.message === "bad port") return cause.message;
    cause = cause.cause;
  }
  return "unknown error";
}

function sentenceOf(code: string): string {
  switch (code) {
    case "ENOTFOUND":
      return "has no address (ENOTFOUND); check the name, and that this machine can resolve it.";
    case "EAI_AGAIN":
      return "cannot be resolved at the moment (EAI_AGAIN); check this machine's DNS.";
    case "ECONNREFUSED":
      return "refuses the connection (ECONNREFUSED): nothing listens at that port.";
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return `closed the connection before it had answered (${code}).`;
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `cannot be reached (${code}); check that a firewall lets this machine call it.`;
  }
  if (code === "bad port") return "was not called: that port belongs to another protocol.";
  if (/CERT|SIGN|^ERR_TLS|^UNABLE_TO/.test(code))
    return `shows a certificate that is not trusted (${code}); for an authority of your own set NODE_EXTRA_CA_CERTS.`;
  if (/SSL|EPROTO/.test(code)) return `does not speak TLS at that port (${code}).`;
  return `could not be called (${code}).`;
}
