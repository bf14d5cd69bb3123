import { isoFromMicros } from "@/lib/time/micros";
import { eventObject, sessionObject, threadObject } from "@/tests/support/platform/objects";
import type { PlatformProcess } from "@/tests/support/platform/process";
import type { Listed } from "@/tests/support/platform/shapes";

const DAY_MS = 86_400_000;
const AT_ONCE = 2_000;
/** One session in so many has a child at work besides. */
const WITH_CHILD = 8;
/** An event of each session at work comes so often, in ms, and a turn begins and another ends. */
const EVENT_MS = 5_000;
const TURN_MS = 20_000;

export type Happened = { session: string; atMs: number };

/** A fleet of which most has been at rest for long, and some sessions are at work all the time. */
export class SteadyFleet {
  /** What came of sessions without children, until somebody takes it. */
  happened: Happened[] = [];
  readonly #running: string[];
  readonly #resting: string[];
  readonly #last = new Map<string, number>();
  #turnedMs = Date.now();
  #made = 0;

  constructor(
    readonly platform: PlatformProcess,
    readonly name: string,
    readonly sizes: { idle: number; running: number },
  ) {
    const names = (what: string, count: number) =>
      Array.from({ length: count }, (_, at) => `sesn_${name}_${what}_${at}`);
    this.#running = names("running", sizes.running);
    this.#resting = names("resting", Math.ceil(sizes.running / 10));
  }

  /** Sessions of the last thirty days, which have come to rest within minutes. */
  async loadIdle(): Promise<void> {
    const { idle } = this.sizes;
    for (let from = 0; from < idle; from += AT_ONCE) {
      const count = Math.min(AT_ONCE, idle - from);
      const made = Array.from({ length: count }, (_, at) => this.#idle(from + at));
      const sessions = made.map(({ session }) => session);
      await this.platform.control("load", { sessions, events: made.flatMap((one) => one.events) });
    }
  }

  async begin(): Promise<void> {
    for (const [at, id] of [...this.#running, ...this.#resting].entries()) {
      const now = new Date().toISOString();
      const times = { created_at: now, updated_at: now };
      await this.#put("session", sessionObject(id, undefined, { ...times, status: "idle" }));
      await this.#put("thread", { ...threadObject(primaryOf(id), id), ...times });
      if (at % WITH_CHILD > 0) continue;
      await this.#put("thread", {
        ...threadObject(childOf(id), id, primaryOf(id)),
        ...{ ...times, status: "running" },
      });
      await this.#append([
        this.#event(id, "session.thread_created", { session_thread_id: childOf(id) }),
      ]);
    }
    await this.#append(this.#running.map((id) => this.#event(id, "session.status_running")));
  }

  /** What has happened since the last moment; to be called every second or so. */
  async moment(): Promise<void> {
    const now = Date.now();
    const events: Listed[] = [];
    for (const id of this.#running) {
      if (now - (this.#last.get(id) ?? 0) < EVENT_MS * (0.5 + Math.random())) continue;
      this.#last.set(id, now);
      events.push(this.#event(id, "agent.message", { content: [{ type: "text", text: "Done." }] }));
      if (isParent(id)) events.push(this.#event(id, "agent.thinking", {}, childOf(id)));
    }
    if (now - this.#turnedMs >= TURN_MS) {
      this.#turnedMs = now;
      events.push(...this.turn());
    }
    await this.#append(events);
  }

  /** One session comes to rest, and the one that has rested longest goes on. */
  turn(): Listed[] {
    const [rests, goesOn] = [this.#running.shift(), this.#resting.shift()];
    if (rests === undefined || goesOn === undefined) return [];
    this.#running.push(goesOn);
    this.#resting.push(rests);
    return [
      this.#event(rests, "session.status_idle", { stop_reason: { type: "end_turn" } }),
      this.#event(goesOn, "session.status_running"),
    ];
  }

  async turnNow(): Promise<Happened[]> {
    const events = this.turn();
    await this.#append(events);
    return events.map(({ session_id, event }) => ({
      session: session_id,
      atMs: Date.parse((event as { processed_at: string }).processed_at),
    }));
  }

  /** Which of the sessions are at work, without those that have children. */
  isAlone = (id: string) => !isParent(id);

  #idle(at: number) {
    const id = `sesn_${this.name}_idle_${at}`;
    const beganMs = Date.now() - DAY_MS / 12 - (at / this.sizes.idle) * 30 * DAY_MS;
    const iso = (ms: number) => isoFromMicros(Math.round(ms * 1_000));
    const events = ["session.status_running", "session.status_idle"].map((type, minute) => ({
      session_id: id,
      session_thread_id: null,
      event: {
        ...eventObject(`sevt_${id}_${minute}`, type, null),
        processed_at: iso(beganMs + minute * 60_000),
        ...(minute === 1 ? { stop_reason: { type: "end_turn" } } : {}),
      },
    }));
    const times = { created_at: iso(beganMs), updated_at: iso(beganMs + 60_000) };
    return { session: sessionObject(id, undefined, times), events };
  }

  #event(id: string, type: string, fields: object = {}, thread: string | null = null): Listed {
    const nowMs = Date.now();
    if (thread === null && !isParent(id)) this.happened.push({ session: id, atMs: nowMs });
    const processed_at = isoFromMicros(nowMs * 1_000);
    const event = {
      ...eventObject(`sevt_${id}_${++this.#made}`, type, null),
      ...fields,
      processed_at,
    };
    return { session_id: id, session_thread_id: thread, event };
  }

  #put(kind: string, data: object): Promise<unknown> {
    return this.platform.control("put", { kind, data });
  }

  async #append(events: Listed[]): Promise<void> {
    if (events.length > 0) await this.platform.control("append", { events });
  }
}

const primaryOf = (id: string) => `sthr_${id}`;
const childOf = (id: string) => `sthr_${id}_child`;
const isParent = (id: string) => Number(id.split("_").at(-1)) % WITH_CHILD === 0;
