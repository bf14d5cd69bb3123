import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { openDirectConnection, pool } from "./client";

export type Listener = {
  onMessage(text: string): void;
  /** True when hearing begins, also again after a gap that may hold messages; false when it ends. */
  onHearing(hears: boolean): void;
};

/** Until the next try, in ms: first and at most after a lost connection, and after one that was deaf. */
const RETRY_MS = { first: 250, most: 5_000, deaf: 60_000 };
/** So often a message of our own goes round; when it takes longer than the limit, nobody hears. */
const PROBE_MS = { every: 30_000, limit: 5_000 };

/**
 * Hears a channel of NOTIFY until the returned function is called. All listeners of this process
 * share one connection, which is made again by itself.
 */
export function listen(channel: string, listener: Listener): () => void {
  kept.watchkeeperChannels ??= new Map();
  const found = kept.watchkeeperChannels.get(channel) ?? new Channel(channel);
  kept.watchkeeperChannels.set(channel, found);
  return found.add(listener);
}

// The bundler may give each route its own copy of this module.
const kept = globalThis as typeof globalThis & { watchkeeperChannels?: Map<string, Channel> };

class Channel {
  readonly #name: string;
  readonly #listeners = new Set<Listener>();
  #hears = false;
  #stop: AbortController | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  add(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#hears) listener.onHearing(true);
    if (this.#stop === null) {
      this.#stop = new AbortController();
      void this.#keepHearing(this.#stop.signal);
    }
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#stop?.abort();
      this.#stop = null;
      this.#hears = false;
    };
  }

  async #keepHearing(signal: AbortSignal): Promise<void> {
    let retryMs = RETRY_MS.first;
    while (!signal.aborted) {
      const end = await this.#hear(signal).catch(() => "unreachable" as const);
      this.#say(signal, false);
      if (end === "deaf") retryMs = RETRY_MS.deaf;
      if (end === "lost") retryMs = RETRY_MS.first;
      await sleep(retryMs, undefined, { signal, ref: false }).catch(() => {});
      retryMs = Math.min(RETRY_MS.most, retryMs * 2);
    }
  }

  /**
   * Listens on a connection of its own until that ends. `deaf`: a pooler that hands connections round
   * between transactions takes the LISTEN and delivers nothing; a dead peer delivers nothing either.
   */
  async #hear(signal: AbortSignal): Promise<"deaf" | "lost"> {
    const client = await openDirectConnection();
    const ended = new AbortController();
    client.once("end", () => ended.abort());
    const over = AbortSignal.any([signal, ended.signal]);
    const probe = `watchkeeper_probe_${randomUUID().replaceAll("-", "")}`;
    let echo = () => {};
    client.on("notification", ({ channel, payload = "" }) => {
      if (channel === probe) echo();
      else for (const listener of this.#listeners) listener.onMessage(payload);
    });
    const goesRound = async () => {
      const heard = new Promise<boolean>((resolve) => {
        echo = () => resolve(true);
      });
      await pool().query("select pg_notify($1, '')", [probe]);
      const late = sleep(PROBE_MS.limit, false, { signal: over, ref: false });
      return Promise.race([heard, late.catch(() => false)]);
    };
    try {
      await client.query(`listen ${client.escapeIdentifier(this.#name)}; listen ${probe}`);
      if (!(await goesRound())) return over.aborted ? "lost" : "deaf";
      for (;;) {
        this.#say(signal, true);
        await sleep(PROBE_MS.every, undefined, { signal: over, ref: false }).catch(() => {});
        // A pool too busy to send it says nothing about this connection.
        if (over.aborted || !(await goesRound().catch(() => true))) return "lost";
      }
    } finally {
      // Not waited for: a peer that is gone does not take leave.
      client.end().catch(() => {});
    }
  }

  #say(signal: AbortSignal, hears: boolean): void {
    if (signal.aborted || hears === this.#hears) return;
    this.#hears = hears;
    for (const listener of this.#listeners) listener.onHearing(hears);
  }
}
