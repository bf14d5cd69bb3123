import { Random } from "@/lib/demo/random";
import type { DemoSession } from "@/lib/demo/schema";
import { simulateFleet } from "@/lib/demo/simulate";
import { isoFromMicros, microsFromIso } from "@/lib/time/micros";
import { isActive } from "./platform/apply";
import { objectOf } from "./platform/entries";
import type { Faults } from "./platform/faults";
import type { Platform } from "./platform/platform";
import { Player, retimed } from "./platform/play";
import type { JsonObject } from "./platform/shapes";

const MOST_EVENTS = 250;
const SECOND_US = 1_000_000;

/** A platform in trouble, everything from one seed: what happens on it, what goes wrong, who is told. */
export class Chaos {
  readonly #random: Random;
  readonly #demos: Generator<DemoSession>;
  readonly #player: Player;
  #later: { atUs: number; happen: () => void }[] = [];
  #made = 0;

  constructor(
    readonly platform: Platform,
    readonly seed: number,
  ) {
    this.#random = new Random(`chaos/${seed}`);
    const nowUs = platform.nowUs();
    this.#demos = simulateFleet({ seed: `chaos/${seed}`, days: 3, sessions: 1_000, nowUs });
    this.#player = new Player(platform, () => this.#random.int(0, 600_000));
    this.#setWeather(this.#foul());
  }

  /** A moment more, in which something may happen. */
  moment(): void {
    const { platform } = this;
    const nowUs = platform.nowUs();
    this.#player.tick();
    const due = this.#later.filter(({ atUs }) => atUs <= nowUs);
    this.#later = this.#later.filter(({ atUs }) => atUs > nowUs);
    for (const { happen } of due) happen();
    const chance = (probability: number) => this.#random.chance(probability);
    if (chance(0.12)) this.#begin();
    if (chance(0.06)) this.#changeWeather();
    if (chance(0.06)) this.#takeTurn();
    if (chance(0.06)) this.#queueInput();
    if (chance(0.02)) this.#archive();
    if (chance(0.02)) this.#delete();
    if (chance(0.02)) platform.expireCursors();
  }

  /** Nothing new begins; true when everything under way has come to its end. */
  finish(): boolean {
    this.#player.tick();
    const nowUs = this.platform.nowUs();
    for (const { happen } of this.#later.filter(({ atUs }) => atUs <= nowUs)) happen();
    this.#later = this.#later.filter(({ atUs }) => atUs > nowUs);
    return this.#player.playing.length === 0 && this.#later.length === 0;
  }

  /** Everything goes right from here on. */
  calm(): void {
    this.platform.faults = {};
    this.platform.behaviour = {};
    this.platform.webhooks.faults = {};
  }

  #begin(): void {
    let demo = this.#demos.next().value;
    while (demo && demo.events.length > MOST_EVENTS) demo = this.#demos.next().value;
    if (!demo) return;
    const { session } = demo;
    const us = (at: string) => microsFromIso(at) ?? 0;
    const spanUs = Math.max(SECOND_US, us(session.updated_at) - us(session.created_at));
    const takesUs = this.#random.int(1, 6) * SECOND_US;
    this.#player.add(retimed(demo, this.platform.nowUs(), spanUs / takesUs));
  }

  /** Fair, foul, or an outage; webhooks have a weather of their own. */
  #changeWeather(): void {
    const random = this.#random;
    const outage: Partial<Faults> = { seed: random.int(1, 1_000), error529: 0.7, cutBefore: 0.7 };
    const faults = random.weighted([
      [this.#foul(), 6],
      [{}, 3],
      [outage, 1],
    ]);
    this.#setWeather(faults);
  }

  #setWeather(faults: Partial<Faults>): void {
    const random = this.#random;
    const upTo = (most: number) => random.next() * most;
    this.platform.faults = faults;
    this.platform.behaviour = { statusLagMs: random.int(0, 150), usageLag: random.chance(0.5) };
    this.platform.webhooks.faults = {
      seed: random.int(1, 1_000_000),
      lose: upTo(0.5),
      duplicate: upTo(0.5),
      reorder: upTo(1),
      reorderMs: random.int(50, 600),
      wrongSignature: upTo(0.1),
      oldTimestamp: upTo(0.1),
    };
  }

  #foul(): Partial<Faults> {
    const random = this.#random;
    const upTo = (most: number) => random.next() * most;
    return {
      seed: random.int(1, 1_000_000),
      error500: upTo(0.1),
      error529: upTo(0.1),
      limited: upTo(0.01),
      limitedBare: upTo(0.01),
      slow: upTo(0.2),
      slowMs: random.int(20, 400),
      cutBefore: upTo(0.1),
      cutWithin: upTo(0.1),
      truncated: upTo(0.05),
      emptyPage: upTo(0.1),
      duplicate: upTo(0.2),
      hidden: upTo(0.2),
      hiddenMs: 400,
    };
  }

  /** A session that rests is spoken to, works for a moment and rests again, with more usage than before. */
  #takeTurn(): void {
    const session = this.#pick(({ status }) => status === "idle");
    if (!session) return;
    const id = String(session.id);
    this.#append(id, "user.message", { content: [{ type: "text", text: "Go on, please." }] });
    this.#append(id, "session.status_running");
    const start = this.#append(id, "span.model_request_start");
    const [input, output] = [this.#random.int(1, 5_000), this.#random.int(1, 2_000)];
    this.#in(this.#random.int(100_000, 2 * SECOND_US), () => {
      if (!isActive(this.platform.sessions.get(id)?.data ?? {})) return;
      const model_usage = { input_tokens: input, output_tokens: output };
      const ended = { model_request_start_id: start, is_error: false, model_usage };
      this.#append(id, "span.model_request_end", ended);
      const usage = objectOf(this.platform.session(id).data.usage);
      const more = (name: string, count: number) => Number(usage[name] ?? 0) + count;
      const input_tokens = more("input_tokens", input);
      const output_tokens = more("output_tokens", output);
      this.#append(id, "session.usage", { usage: { ...usage, input_tokens, output_tokens } });
      this.#append(id, "session.status_idle", { stop_reason: { type: "end_turn" } });
    });
  }

  /** An input waits in the queue; the time it gets lies a little back, between events that are known. */
  #queueInput(): void {
    const session = this.#pick(isActive, "all");
    if (!session) return;
    const id = String(session.id);
    const content = [{ type: "text", text: "And one thing more." }];
    const event = this.#append(id, "user.message", { content, processed_at: null });
    this.#in(this.#random.int(50_000, SECOND_US), () => {
      const now = this.platform.sessions.get(id)?.data;
      if (!now || now.archived_at) return;
      const processed_at = isoFromMicros(this.platform.nowUs() - this.#random.int(0, 200_000));
      this.#append(id, "user.message", { id: event, content, processed_at });
      // What was taken from the queue is worked on, and so the session comes to rest again after it.
      if (isActive(now)) return;
      this.#append(id, "session.status_running");
      this.#append(id, "session.status_idle", { stop_reason: { type: "end_turn" } });
    });
  }

  #archive(): void {
    const session = this.#pick(({ status }) => status === "idle");
    if (session) this.platform.archive(String(session.id));
  }

  #delete(): void {
    const session = this.#pick(() => true, "all");
    if (!session) return;
    this.#player.drop(String(session.id));
    this.platform.deleteSession(String(session.id));
  }

  /** One of all sessions, or of those that the player has done with. */
  #pick(isMeant: (session: JsonObject) => boolean, of: "done" | "all" = "done"): JsonObject | null {
    const playing = new Set(of === "all" ? [] : this.#player.playing);
    const found = this.platform.sessionList.items.filter(
      ({ id, data }) => !playing.has(id) && !data.archived_at && isMeant(data),
    );
    return found.length === 0 ? null : this.#random.pick(found).data;
  }

  #append(session: string, type: string, fields: JsonObject = {}): string {
    const id = typeof fields.id === "string" ? fields.id : `sevt_chaos_${++this.#made}`;
    const processed_at = this.platform.now();
    this.platform.appendEvent(session, null, { processed_at, ...fields, id, type });
    return id;
  }

  #in(us: number, happen: () => void): void {
    this.#later.push({ atUs: this.platform.nowUs() + us, happen });
  }
}
