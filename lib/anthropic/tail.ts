/** How sessions that somebody looks at are tailed; times in ms. */
export type TailRhythm = {
  /** After the last viewer has left. */
  lingerMs: number;
  /** How often a tail looks whether it is still wanted, and prolongs its claim by `leaseMs`. */
  tickMs: number;
  leaseMs: number;
  /** A session at rest is tailed on for so long: the next turn often comes soon. */
  restMs: number;
  /** How often a session that is not tailed is looked at, unless a hint comes. */
  askMs: number;
  /** Streams of a connection, and of one session's children among them. */
  mostStreams: number;
  mostThreads: number;
};

export const TAIL: TailRhythm = {
  lingerMs: 5_000,
  tickMs: 3_000,
  leaseMs: 15_000,
  restMs: 60_000,
  askMs: 10_000,
  mostStreams: 20,
  mostThreads: 8,
};

/** A stream that lasted for so long was a good one: what comes after it is a first failure again. */
export const GOOD_MS = 10_000;

/** After so many failures in a row, in ms: as the platform's own session runner waits. */
export const reopenMs = (failures: number) => Math.min(10_000, 500 * 2 ** Math.min(failures, 10));

/** Told on streams and kept by nobody: previews, whose text comes again as an event. */
export const PREVIEWS: ReadonlySet<string> = new Set(["event_start", "event_delta"]);

/** Which children of a session are at work, as lists and then its stream say. */
export class Children {
  readonly #listed = new Map<string, boolean>();
  readonly #told = new Map<string, boolean>();

  list(children: readonly { id: string; isAtWork: boolean }[]): void {
    for (const { id, isAtWork } of children)
      if (!this.#listed.has(id)) this.#listed.set(id, isAtWork);
  }

  /** Takes in an event of the session's own stream, which tells of the primary thread as well. */
  tell(event: object): void {
    const { type, session_thread_id: id } = event as {
      type?: unknown;
      session_thread_id?: unknown;
    };
    if (typeof id !== "string") return;
    if (type === "session.thread_created") this.#listed.set(id, true);
    const status = /^session\.thread_status_(\w+)$/.exec(String(type))?.[1];
    if (status) this.#told.set(id, status === "running" || status === "rescheduled");
  }

  get atWork(): string[] {
    const known = [...this.#listed].filter(([id, isAtWork]) => this.#told.get(id) ?? isAtWork);
    return known.map(([id]) => id);
  }
}
