import type { DemoSession } from "@/lib/demo/schema";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";
import { type Step, stepsOf } from "./fleet";
import type { Truth } from "./truth";

/** A simulated session moved to another time: it begins at `fromUs`, and goes `speed` times as fast. */
export function retimed(demo: DemoSession, fromUs: number, speed = 1): DemoSession {
  const createdUs = microsFromIso(demo.session.created_at) ?? fromUs;
  const move = (value: unknown, key = ""): unknown => {
    if (Array.isArray(value)) return value.map((one) => move(one));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, move(one, name)]),
      );
    const us = key.endsWith("_at") && typeof value === "string" ? microsFromIso(value) : null;
    return us === null ? value : isoFromMicros(Math.round(fromUs + (us - createdUs) / speed));
  };
  const { session, threads, events } = demo;
  return { ...demo, ...(move({ session, threads, events }) as typeof demo) };
}

type Playing = { id: string; steps: Step[] };

/** Lets simulated sessions happen on the platform when their time has come. */
export class Player {
  #playing: Playing[] = [];

  constructor(
    readonly truth: Truth,
    /** A child thread is listed so long after it began to work, in µs. */
    readonly threadLagUs = () => 0,
  ) {}

  get playing(): string[] {
    return this.#playing.map(({ id }) => id);
  }

  add(demo: DemoSession): void {
    const steps = stepsOf(demo, this.threadLagUs);
    this.#playing.push({ id: demo.session.id, steps });
  }

  /** Everything up to now, at once: what belongs together is never seen apart. Returns who came to an end. */
  tick(): string[] {
    const nowUs = this.truth.nowUs();
    const ended: string[] = [];
    for (const { id, steps } of this.#playing) {
      while (steps[0] && steps[0].atUs <= nowUs) steps.shift()?.happen(this.truth);
      if (steps.length > 0) continue;
      this.#close(id);
      ended.push(id);
    }
    this.#playing = this.#playing.filter(({ id }) => !ended.includes(id));
    return ended;
  }

  /** Nothing more happens to it, for instance because it was deleted. */
  drop(id: string): void {
    this.#playing = this.#playing.filter((one) => one.id !== id);
  }

  /** The simulator's last words on the session's objects count as a change of theirs. */
  #close(id: string): void {
    const { data, threads } = this.truth.session(id);
    const updated_at = this.truth.now();
    for (const thread of [...threads.items])
      this.truth.putThread(
        Object.assign({}, thread.data, { id: thread.id, session_id: id, updated_at }),
      );
    this.truth.putSession(Object.assign({}, data, { id, updated_at }));
  }
}
