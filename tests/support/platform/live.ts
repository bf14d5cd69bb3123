import type { DemoSession } from "@/lib/demo/schema";
import { simulateFleet } from "@/lib/demo/simulate";
import { microsFromIso } from "@/lib/time/micros";
import { isActive } from "./apply";
import type { Platform } from "./platform";
import { Player, retimed } from "./play";

export type LiveOptions = { seed: string; running: number };

const MOMENT_MS = 200;
const MINUTE_US = 60_000_000;
/** Neither over in a moment nor beyond what anybody waits for. */
const SPAN_US = { least: 1.5 * MINUTE_US, most: 40 * MINUTE_US };
/** Some of those that are played wait for people; of all together so many times `running`. */
const MOST_PLAYED = 4;

/** Keeps about so many simulated sessions at work on the platform, at the speed of real time. */
export class LiveFleet {
  readonly #player: Player;
  readonly #demos: Generator<DemoSession>;
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly platform: Platform,
    readonly options: LiveOptions,
  ) {
    const { seed } = options;
    const nowUs = platform.nowUs();
    this.#player = new Player(platform);
    this.#demos = simulateFleet({ seed: `${seed}/live`, days: 10, sessions: 100_000, nowUs });
    // At the start they are all in the midst of something.
    for (let i = 0; i < options.running; i++) this.#begin(((i + 1) / (options.running + 1)) * 0.7);
    this.#player.tick();
    this.#timer = setInterval(() => this.#moment(), MOMENT_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #moment(): void {
    this.#player.tick();
    const { playing } = this.#player;
    const { running } = this.options;
    const active = playing.filter((id) => isActive(this.platform.sessions.get(id)?.data ?? {}));
    if (active.length < running && playing.length < running * MOST_PLAYED) this.#begin(0);
  }

  /** The next session, of which such a share is past already. */
  #begin(share: number): void {
    let demo = this.#demos.next().value;
    while (demo && (spanOf(demo) < SPAN_US.least || spanOf(demo) > SPAN_US.most))
      demo = this.#demos.next().value;
    const nowUs = this.platform.nowUs();
    if (demo) this.#player.add(retimed(demo, Math.round(nowUs - spanOf(demo) * share)));
  }
}

function spanOf({ session }: DemoSession): number {
  const [from, to] = [microsFromIso(session.created_at), microsFromIso(session.updated_at)];
  return from === null || to === null ? 0 : to - from;
}
