import { microsFromIso } from "@/lib/time/micros";
import type { JsonObject } from "./shapes";
import { type Key, Sorted } from "./sorted";

/** An object of the API as it stands, written as JSON once. */
export type ObjectEntry = Key & { id: string; data: JsonObject; json: string };

export type EventEntry = Key & {
  id: string;
  type: string;
  /** `processed_at`; null while queued and where it was left out. */
  us: number | null;
  /** The thread the event itself names. */
  about: string | null;
  json: string;
  arrivedMs: number;
};

export type SessionEntry = ObjectEntry & {
  threads: Sorted<ObjectEntry>;
  /** "" is the session's own list. */
  lists: Map<string, EventList>;
  settledUsage: JsonObject | null;
  /** What reads show while the status lags. */
  before: { data: JsonObject; json: string; untilMs: number } | null;
};

export class EventList {
  readonly entries = new Sorted<EventEntry>();
  readonly #byId = new Map<string, EventEntry>();

  /** True when no event with this id was there. */
  put(event: JsonObject, seq: number): boolean {
    const id = textOf(event.id) ?? "";
    const known = this.#byId.get(id);
    const us = instantOf(event.processed_at);
    const entry: EventEntry = {
      sortUs: us ?? this.#placeOf(event, known),
      seq: known?.seq ?? seq,
      id,
      type: textOf(event.type) ?? "",
      us,
      about: textOf(event.session_thread_id),
      json: JSON.stringify(event),
      arrivedMs: known?.arrivedMs ?? Date.now(),
    };
    if (known) this.entries.remove(known);
    this.entries.insert(entry);
    if (id !== "") this.#byId.set(id, entry);
    return known === undefined;
  }

  /** Queued events stand at the end; one whose time was left out stands where it came. */
  #placeOf(event: JsonObject, known: EventEntry | undefined): number {
    if (event.processed_at === null) return Number.POSITIVE_INFINITY;
    if (known) return known.sortUs;
    const { items } = this.entries;
    return items.findLast(({ sortUs }) => Number.isFinite(sortUs))?.sortUs ?? 0;
  }
}

/** Objects of one kind, by id and by the time they were created. */
export class ObjectTable {
  readonly entries = new Sorted<ObjectEntry>();
  readonly #byId = new Map<string, ObjectEntry>();

  get(id: string): ObjectEntry | undefined {
    return this.#byId.get(id);
  }

  /** What stood there before. */
  put(data: JsonObject, seq: number): JsonObject | null {
    const entry = objectEntry(data, seq);
    const known = this.#byId.get(entry.id);
    if (known) {
      entry.seq = known.seq;
      this.entries.remove(known);
    }
    this.entries.insert(entry);
    this.#byId.set(entry.id, entry);
    return known?.data ?? null;
  }

  all(): JsonObject[] {
    return this.entries.items.map(({ data }) => data);
  }
}

export function objectEntry(data: JsonObject, seq: number): ObjectEntry {
  const id = textOf(data.id);
  if (id === null)
    throw new Error(`An object without an id: ${JSON.stringify(data).slice(0, 200)}`);
  return { sortUs: instantOf(data.created_at) ?? 0, seq, id, data, json: JSON.stringify(data) };
}

export const textOf = (value: unknown) => (typeof value === "string" ? value : null);

export const objectOf = (value: unknown): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

export function instantOf(value: unknown): number | null {
  return typeof value === "string" ? microsFromIso(value) : null;
}
