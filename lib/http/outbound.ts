import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector, fetch as undiciFetch } from "undici";
import { findOutboundError, networkError, OutboundError } from "./outbound-error";
import { checkedAddresses, type GuardOptions, parseOutboundUrl } from "./outbound-guard";

const CONNECT_MS = 10_000;
/** Longest silence in the middle of an answer, streams included. */
const SILENCE_MS = 300_000;
/** Connections to one place at once, streams not counted. */
const CALLS = 64;

export type OutboundOptions = GuardOptions & {
  /** From the call to the end of the body; null for streams. Default 60 s. */
  timeoutMs?: number | null;
  /** Of the body, unpacked; null for streams. Default 32 MiB. */
  maxBytes?: number | null;
  /** `refuse` throws at any 3xx, `return` hands it to the caller. Neither follows it. */
  redirects?: "refuse" | "return";
};

type Call = {
  host: string;
  caller: AbortSignal | null;
  timer: AbortSignal | null;
  timeoutMs: number | null;
  maxBytes: number | null;
};

let shared: { calls: Agent; streams: Agent } | undefined;

/**
 * A `fetch` for addresses that people enter, and the only way out of the product. It reaches public
 * addresses and those of WATCHKEEPER_OUTBOUND_ALLOW, follows no redirect and stops at its limits.
 * Throws `OutboundError`, or the signal's reason when the caller aborts.
 */
export function openOutbound(options: OutboundOptions = {}): typeof fetch {
  const { timeoutMs = 60_000, maxBytes = 32 << 20, redirects = "refuse", ...guard } = options;
  const own =
    guard.allow === undefined && guard.resolve === undefined ? null : openAgent(guard, CALLS);
  return async (input, init = {}) => {
    if (input instanceof Request) throw new TypeError("Give a URL and its init, not a Request.");
    const url = parseOutboundUrl(input);
    const timer = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs);
    const caller = init.signal ?? null;
    const call: Call = { host: url.host, caller, timer, timeoutMs, maxBytes };
    const signal = AbortSignal.any([caller, timer].filter((one) => one !== null));
    // Streams hold their connections for as long as they last, and must not take them from the rest.
    shared ??= { calls: openAgent({}, CALLS), streams: openAgent({}, null) };
    const dispatcher = own ?? (timeoutMs === null ? shared.streams : shared.calls);
    const sent = { ...init, signal, redirect: "manual", dispatcher };
    try {
      // The package's types differ from the platform's in name only.
      const response = (await undiciFetch(url, sent as never)) as unknown as Response;
      if (isRedirect(response) && redirects === "refuse") throw await redirected(response, url);
      return await bounded(response, url, call);
    } catch (error) {
      throw told(error, call);
    }
  };
}

/** Connects to the very addresses that were checked, whatever the name resolves to a moment later. */
function openAgent(guard: GuardOptions, connections: number | null): Agent {
  return new Agent({
    connections,
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    connect(to, done) {
      checkedAddresses(to, guard).then(
        (addresses) =>
          buildConnector({ timeout: CONNECT_MS, lookup: pinnedTo(addresses) })(to, done),
        (error: Error) => done(error, null),
      );
    },
  });
}

/** A name resolved already: connecting asks nobody again. */
export function pinnedTo(addresses: string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, { all }, done) => {
    if (all) done(null, found);
    else done(null, found[0]?.address ?? "", found[0]?.family);
  };
}

const isRedirect = ({ status }: Response) => status >= 300 && status < 400 && status !== 304;

async function redirected(response: Response, url: URL): Promise<OutboundError> {
  await response.body?.cancel();
  const location = response.headers.get("location") ?? "";
  const target = URL.canParse(location, url) ? new URL(location, url) : null;
  const where = target ? `${target.origin}${target.pathname}` : "nowhere";
  return new OutboundError(
    "redirect",
    `${url.host} answers with a redirect (${response.status}) to ${where}, and redirects are not followed. Enter the address it leads to.`,
  );
}

/** The same answer, whose body ends in an error beyond its limits. */
async function bounded(response: Response, url: URL, call: Call): Promise<Response> {
  const { body, status, statusText, headers } = response;
  if (body === null) return response;
  const tooLarge = () =>
    new OutboundError("too_large", `${call.host} answers with more than ${call.maxBytes} bytes.`);
  let left = call.maxBytes ?? Number.POSITIVE_INFINITY;
  if (Number(headers.get("content-length") ?? 0) > left) {
    await body.cancel();
    throw tooLarge();
  }
  const reader = body.getReader();
  const counted = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          left -= value.byteLength;
          if (left < 0) throw tooLarge();
          controller.enqueue(value);
        } catch (error) {
          reader.cancel().catch(() => {});
          controller.error(told(error, call));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  const same = new Response(counted, { status, statusText, headers });
  return Object.defineProperty(same, "url", { value: url.href });
}

function told(error: unknown, { host, caller, timer, timeoutMs }: Call): unknown {
  if (caller?.aborted) return error;
  if (timer?.aborted) {
    const seconds = (timeoutMs ?? 0) / 1000;
    return new OutboundError("timeout", `${host} did not answer within ${seconds} s.`, error);
  }
  return findOutboundError(error) ?? networkError(error, host);
}
