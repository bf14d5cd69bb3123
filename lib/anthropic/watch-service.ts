import { randomUUID } from "node:crypto";
import { watchWorkspace } from "@/lib/live/service";
import { isActive } from "./rhythm";
import { GOOD_MS, reopenMs, TAIL } from "./tail";
import { logTail, pause, tailSession } from "./tail-service";
import { claimTail, readTailed, releaseTail, type TailKey } from "./tail-store";

type Watch = { viewers: number; stop: AbortController; leaving: NodeJS.Timeout | undefined };

// One list a process, also where the bundler gives each route its own copy of this module.
const shared = globalThis as typeof globalThis & { watchkeeperWatches?: Map<string, Watch> };

/**
 * Somebody looks at a session until the returned function is called: while it is at work on the
 * platform, its events are tailed by one stream, whoever else looks at it, in whichever process.
 */
export function watchSession({ workspace, connectionId, sessionId }: TailKey): () => void {
  // What was sent to us comes by itself.
  if (connectionId === "") return () => {};
  shared.watchkeeperWatches ??= new Map();
  const watches = shared.watchkeeperWatches;
  const name = JSON.stringify([workspace, connectionId, sessionId]);
  const watch = watches.get(name) ?? begin({ workspace, connectionId, sessionId });
  watches.set(name, watch);
  watch.viewers++;
  clearTimeout(watch.leaving);
  return () => {
    watch.viewers--;
    if (watch.viewers > 0) return;
    watch.leaving = setTimeout(() => {
      watches.delete(name);
      watch.stop.abort();
    }, TAIL.lingerMs).unref();
  };
}

function begin(key: TailKey): Watch {
  const stop = new AbortController();
  void keepTailing(key, stop.signal);
  return { viewers: 0, stop, leaving: undefined };
}

/** Tails the session whenever it is at work and nobody else does. */
async function keepTailing(key: TailKey, signal: AbortSignal): Promise<void> {
  const holder = randomUUID();
  const bell = openBell(key);
  let failures = 0;
  while (!signal.aborted) {
    const began = Date.now();
    const came = await tailOnce(key, holder, signal).catch((error: unknown) => {
      logTail(key, error);
      return "cut" as const;
    });
    if (came === "not_wanted") await bell.wait(TAIL.askMs, signal);
    else if (came === "taken") await pause(TAIL.tickMs, signal);
    else if (came === "no_stream") await pause(TAIL.restMs, signal);
    else {
      if (Date.now() - began > GOOD_MS) failures = 0;
      await pause(reopenMs(failures++), signal);
    }
  }
  bell.close();
}

async function tailOnce(key: TailKey, holder: string, signal: AbortSignal) {
  const now = await readTailed(key);
  if (now === null || now.isEnded || !isActive(now.status)) return "not_wanted";
  if (!(await claimTail(key, { ...TAIL, holder }))) return "taken";
  try {
    return (await tailSession(key, holder, signal)) ? "cut" : "no_stream";
  } finally {
    await releaseTail(key, holder);
  }
}

/** Rings when the session has changed; rung while nobody waits, it ends the next wait at once. */
function openBell({ workspace, sessionId }: TailKey) {
  let rung = new AbortController();
  const close = watchWorkspace(workspace, {
    onChange: (sessions) => {
      if (sessions === null || sessions.includes(sessionId)) rung.abort();
    },
    onHearing: () => {},
  });
  const wait = async (ms: number, signal: AbortSignal) => {
    await pause(ms, AbortSignal.any([signal, rung.signal]));
    rung = new AbortController();
  };
  return { close, wait };
}
