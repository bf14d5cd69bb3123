import { readCookie } from "@/lib/auth/cookie";
import { type Caller, SESSION_COOKIE } from "@/lib/auth/schema";
import { sha256 } from "@/lib/auth/secrets";
import { authenticate } from "@/lib/auth/service";
import { AppError } from "@/lib/http/errors";
import { eventText, Gathered } from "./hints";
import { watchWorkspace } from "./service";

/** In ms: changes are told at once, and then so often; a sign of life; when to come again after a cut. */
export const PACE_MS = { tell: 1_000, heartbeat: 15_000, retry: 2_000 };
/** A browser opens six connections to a place over HTTP/1.1: some have to be left for the data. */
const MOST_STREAMS = { cookie: 4, key: 20 };
/** What a reader that does not keep up leaves lying before it counts as gone. */
const MOST_UNREAD = 16;

export type HintStream = {
  request: Request;
  caller: Caller;
  /** Only changes of this one are told. */
  sessionId?: string;
  /** Begun with the stream; what it returns ends with the stream. */
  during?: () => () => void;
};

/**
 * An endless answer of server-sent events: `state` and `changed`, as in schema.ts. It ends when the
 * caller goes or may no longer read. Throws `rate_limited` for one who has too many of them open.
 */
export function openHintStream(wanted: HintStream): Response {
  const leave = takePlace(wanted);
  let end = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        end = beginHints(controller, wanted, leave);
      },
      cancel: () => end(),
    },
    { highWaterMark: MOST_UNREAD },
  );
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // Whoever packs or buffers an answer would hold hints back.
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

/** Returns what ends it. */
function beginHints(
  controller: ReadableStreamDefaultController<Uint8Array>,
  { request, caller, sessionId, during }: HintStream,
  leave: () => void,
): () => void {
  const text = new TextEncoder();
  const gathered = new Gathered();
  let telling: NodeJS.Timeout | null = null;
  const canSay = () => (controller.desiredSize ?? 0) > 0;
  const say = (words: string) => controller.enqueue(text.encode(words));
  const tell = () => {
    telling = gathered.isEmpty ? null : setTimeout(tell, PACE_MS.tell);
    if (telling && canSay()) say(eventText("changed", { sessions: gathered.take() }));
  };
  say(`retry: ${PACE_MS.retry}\n\n`);
  const stopWatching = watchWorkspace(caller.workspace, {
    onChange(sessions) {
      if (sessionId !== undefined && sessions !== null && !sessions.includes(sessionId)) return;
      gathered.add(sessionId === undefined || sessions === null ? sessions : [sessionId]);
      if (telling === null) tell();
    },
    onHearing: (live) => say(eventText("state", { live })),
  });
  const stopDuring = during?.();
  const heartbeat = setInterval(() => {
    if (!canSay()) return end();
    say(": still here\n\n");
    mayStillRead(request).then((may) => may || end());
  }, PACE_MS.heartbeat);
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    clearInterval(heartbeat);
    clearTimeout(telling ?? undefined);
    request.signal.removeEventListener("abort", end);
    stopWatching();
    stopDuring?.();
    leave();
    try {
      controller.close();
    } catch {
      // The reader has closed it already.
    }
  };
  request.signal.addEventListener("abort", end);
  if (request.signal.aborted) end();
  return end;
}

/** A cookie signed out, or a key deleted, ends its streams too. */
async function mayStillRead(request: Request): Promise<boolean> {
  try {
    const caller = await authenticate(request);
    return caller !== null && !caller.isHeld;
  } catch (error) {
    // A database that is away says nothing about the caller.
    return !(error instanceof AppError && error.code === "forbidden");
  }
}

// One count a process, also where the bundler gives each route its own copy of this module.
const shared = globalThis as typeof globalThis & { watchkeeperStreams?: Map<string, number> };

/** Returns what gives the place back. */
function takePlace({ request, caller }: HintStream): () => void {
  shared.watchkeeperStreams ??= new Map();
  const open = shared.watchkeeperStreams;
  const cookie = readCookie(request.headers.get("cookie"), SESSION_COOKIE);
  const holder = caller.keyId ?? sha256(cookie ?? "");
  const count = open.get(holder) ?? 0;
  if (count >= MOST_STREAMS[caller.via])
    throw new AppError(
      "rate_limited",
      `More than ${MOST_STREAMS[caller.via]} streams of hints are open already; close one, or ask again from time to time.`,
      { retryAfterSeconds: 30 },
    );
  open.set(holder, count + 1);
  return () => {
    const left = (open.get(holder) ?? 1) - 1;
    if (left > 0) open.set(holder, left);
    else open.delete(holder);
  };
}
