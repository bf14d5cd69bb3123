import type { Sighting, WarningCode } from "@/lib/connections/warnings";
import { canonicalJson } from "@/lib/ingest/canonical";
import { hashOf, isObject } from "@/lib/ingest/normalize";
import type { JsonObject } from "@/lib/ingest/schema";

// What a server that imitates the API leaves out of what the API promises, seen in what it answers.

/**
 * Whether a list's answer says if there is a next page; one that does not may have been cut. The
 * SDK's page fills in what the server left out, and keeps the answer as it came under `body`.
 */
export const tellsNextPage = (body: unknown): boolean =>
  !isObject(body) || "next_page" in body || "has_more" in body;

/** A full page of a list that does not say whether it goes on: it is asked for from its last member on. */
export const isCut = (page: { data: readonly unknown[] }, limit: number): boolean =>
  page.data.length >= limit && !tellsNextPage(Reflect.get(page, "body"));

/** What the answer to a list of sessions leaves out. */
export function omissionsOfList(page: { data: ReadonlyArray<{ id: string }> }): Sighting[] {
  if (tellsNextPage(Reflect.get(page, "body"))) return [];
  return [{ code: "no_next_page", count: 1, example: page.data.at(-1)?.id ?? null }];
}

/** What the events of one page leave out. Inputs may stand in a queue and then have no time yet. */
export function omissionsOfEvents(sessionId: string, events: readonly unknown[]): Sighting[] {
  const objects = events.filter(isObject);
  const outputs = objects.filter(({ type }) => !/^(user|system)\./.test(String(type)));
  const seen = (code: WarningCode, of: readonly unknown[]): Sighting[] =>
    of.length === 0 ? [] : [{ code, count: of.length, example: sessionId }];
  return [
    ...seen(
      "no_event_ids",
      outputs.filter(({ id }) => typeof id !== "string" || id === ""),
    ),
    ...seen(
      "no_processed_at",
      outputs.filter((event) => typeof event.processed_at !== "string"),
    ),
    ...seen("cache_reads_in_input", doubledRequests(objects)),
  ];
}

/** Just after the change of status a list may still be without the event that tells of it, in ms. */
const LAG_MS = 30_000;

/** A session that ran and rests has an event that says how it came to rest. */
export function omissionsOfEnding(
  session: { id: string; status: string; restedMs: number },
  types: ReadonlySet<string>,
): Sighting[] {
  if (session.status !== "idle" || !(session.restedMs > LAG_MS)) return [];
  if (!types.has("session.status_running") || types.has("session.status_idle")) return [];
  return [{ code: "no_status_idle", count: 1, example: session.id }];
}

/** Of so few requests the pattern may be chance. */
const LEAST_REQUESTS = 3;

/**
 * `input_tokens` is what was neither read from the cache nor written to it, and in a conversation
 * that reads its past from the cache most of a prompt is read. Where every request of several states
 * at least as much input as reads, the reads are in it.
 */
function doubledRequests(events: readonly JsonObject[]): JsonObject[] {
  const reading = events
    .map(({ model_usage }) => model_usage)
    .filter(isObject)
    .filter((usage) => count(usage.cache_read_input_tokens) > 0);
  const isDoubled = reading.every(
    (usage) => count(usage.input_tokens) >= count(usage.cache_read_input_tokens),
  );
  return isDoubled && reading.length >= LEAST_REQUESTS ? reading : [];
}

const count = (value: unknown) => (typeof value === "number" ? value : 0);

/**
 * An event as it can be stored: one without an id goes by its content. Null for one that stands in
 * a queue, which comes again with its time and would then be another.
 */
export function storable(event: unknown): unknown {
  if (!isObject(event) || (typeof event.id === "string" && event.id !== "")) return event;
  if (event.processed_at === null) return null;
  return { ...event, id: `content_${hashOf(canonicalJson(event) ?? "")}` };
}

/** Each code once, with its sum and its last example. */
export function tallied(sightings: readonly Sighting[]): Sighting[] {
  const sums = new Map<WarningCode, Sighting>();
  for (const { code, count, example } of sightings)
    sums.set(code, { code, count: count + (sums.get(code)?.count ?? 0), example });
  return [...sums.values()];
}
