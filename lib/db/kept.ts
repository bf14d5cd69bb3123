import { setTimeout as sleep } from "node:timers/promises";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "./embedded";

/** Between tries, in ms: at first what a killed server's processes need to go, at most this. */
const PAUSE_MS = { first: 500, most: 10_000 };

export type Kept = { url: string; stop(): Promise<void> };

/**
 * The embedded server, started again at the same address whenever it ends unasked: killed, crashed,
 * out of disk. Those connected to it find it again by themselves.
 * @throws StartupError if it does not start the first time
 */
export async function keepEmbedded(
  options: EmbeddedOptions,
  say: (line: string) => void,
): Promise<Kept> {
  let running = await startEmbedded(options);
  const { url } = running;
  const asked = new AbortController();
  const keeping = (async () => {
    for (;;) {
      await Promise.race([running.exited, once(asked.signal)]);
      if (asked.signal.aborted) return;
      say("The embedded PostgreSQL ended by itself; starting it again.");
      await running.release();
      const next = await startAgain({ ...options, port: Number(new URL(url).port) }, asked, say);
      if (next === null) return;
      running = next;
    }
  })();
  return {
    url,
    stop: async () => {
      asked.abort();
      await keeping;
      await running.stop();
    },
  };
}

/** Tries until it runs; null when it is not wanted any more. */
async function startAgain(
  options: EmbeddedOptions,
  asked: AbortController,
  say: (line: string) => void,
): Promise<Embedded | null> {
  for (let pauseMs = PAUSE_MS.first; !asked.signal.aborted; ) {
    try {
      return await startEmbedded(options);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      say(`${reason}. Trying again in ${pauseMs / 1000} s.`);
    }
    await sleep(pauseMs, undefined, { signal: asked.signal }).catch(() => {});
    pauseMs = Math.min(PAUSE_MS.most, pauseMs * 2);
  }
  return null;
}

const once = (signal: AbortSignal) =>
  new Promise<void>((done) => signal.addEventListener("abort", () => done(), { once: true }));
