import { Change } from "./schema";

/** A message of the channel; null for one that is not ours. */
export function readChange(text: string): Change | null {
  try {
    return Change.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** One server-sent event. */
export const eventText = (name: string, data: object) =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** More sessions than this are not named one by one. */
const MOST_NAMED = 100;

/** The sessions that changed since the last time somebody asked. */
export class Gathered {
  #ids: Set<string> | null = new Set();

  add(sessions: readonly string[] | null): void {
    if (this.#ids === null || sessions === null) this.#ids = null;
    else for (const id of sessions) this.#ids.add(id);
    if (this.#ids !== null && this.#ids.size > MOST_NAMED) this.#ids = null;
  }

  get isEmpty(): boolean {
    return this.#ids?.size === 0;
  }

  /** All of them, or null for more than could be named. */
  take(): string[] | null {
    const taken = this.#ids;
    this.#ids = new Set();
    return taken === null ? null : [...taken];
  }
}
