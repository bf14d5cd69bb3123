import type { Sighting } from "@/lib/connections/warnings";
import { isObject } from "@/lib/ingest/normalize";
import type { RawItem } from "@/lib/ingest/schema";
import { isoFromMicros, microsFromIso, uniformIso } from "@/lib/time/micros";
import type { SyncRow } from "./claim-store";
import { isCut, omissionsOfEvents, storable } from "./omissions";
import { isActive } from "./rhythm";
import type { SessionObject, Sync } from "./session-service";

const PAGE = 1_000;
/** Of so many children all are read again when a session has come to rest; of more, those that changed. */
const FEW_THREADS = 50;

/**
 * The session's own list, whole from `floorUs` on. The object goes along with its first page, also when
 * that is empty.
 */
export async function readOwnList(
  sync: Sync,
  row: SyncRow,
  object: SessionObject | null,
  { isWhole, floorUs }: { isWhole: boolean; floorUs: number | null },
) {
  const { sessionId } = row;
  const sinceUs = isWhole || row.watermark === null ? floorUs : microsFromIso(row.watermark);
  const since =
    sinceUs === null
      ? {}
      : { "created_at[gte]": isoFromMicros(sinceUs - sync.rhythm.overlapMs * 1000) };
  const { events } = sync.client.beta.sessions;
  let page = await events.list(sessionId, { ...since, limit: PAGE });
  const read = {
    events: 0,
    watermark: null as string | null,
    hasThreads: false,
    omissions: [] as Sighting[],
  };
  const types = new Set<string>();
  for (let first = true; ; first = false) {
    const items = eventItems(sessionId, null, page.data, floorUs);
    if (first && object) items.push({ ...BLANK, kind: "session", sessionId, data: object });
    await sync.take(items);
    read.omissions.push(...omissionsOfEvents(sessionId, page.data));
    const before = read.watermark;
    for (const event of page.data) {
      const iso = uniformIso(event.processed_at);
      if (sinceUs === null || iso > (row.watermark ?? "")) read.events++;
      if (iso > (read.watermark ?? "")) read.watermark = iso;
      types.add(event.type);
    }
    read.hasThreads ||= types.has("session.thread_created");
    if (page.hasNextPage()) page = await page.getNextPage();
    else if (isCut(page, PAGE) && read.watermark !== before && read.watermark !== null)
      page = await events.list(sessionId, { "created_at[gte]": read.watermark, limit: PAGE });
    else return { ...read, types };
  }
}

/**
 * The children's own lists, which alone hold their model requests: those that changed, or `all` where
 * they are few. `again`: every one of them, however many.
 */
export async function readThreads(
  sync: Sync,
  row: SyncRow,
  asked: { all: boolean; again: boolean; floorUs: number | null },
) {
  const { sessionId } = row;
  const listed: Array<{ id: string; updated_at: string; status: string }> = [];
  let page = await sync.client.beta.sessions.threads.list(sessionId, { limit: PAGE });
  for (;;) {
    await sync.take(
      page.data.map((data) => ({ ...BLANK, kind: "thread" as const, sessionId, data })),
    );
    listed.push(...page.data.filter((thread) => thread.parent_thread_id !== null));
    if (!page.hasNextPage()) break;
    page = await page.getNextPage();
  }
  const read = { events: 0, threads: {} as Record<string, string>, omissions: [] as Sighting[] };
  for (const thread of listed) {
    const isNews = row.threads[thread.id] !== thread.updated_at || isActive(thread.status);
    if (!isNews && !asked.again && !(asked.all && listed.length <= FEW_THREADS)) continue;
    const { events, omissions } = await readThread(sync, sessionId, thread.id, asked.floorUs);
    read.events += events;
    read.omissions.push(...omissions);
    read.threads[thread.id] = thread.updated_at;
  }
  return read;
}

export async function readThread(
  sync: Sync,
  sessionId: string,
  threadId: string,
  floorUs: number | null = null,
) {
  const { events } = sync.client.beta.sessions.threads;
  let page = await events.list(threadId, { session_id: sessionId, limit: PAGE });
  const read = { events: 0, omissions: [] as Sighting[] };
  for (;;) {
    await sync.take(eventItems(sessionId, threadId, page.data, floorUs));
    read.events += page.data.length;
    read.omissions.push(...omissionsOfEvents(sessionId, page.data));
    if (!page.hasNextPage()) return read;
    page = await page.getNextPage();
  }
}

const BLANK = { index: 0, threadId: null };

/** Events as they can be stored, without those that are dropped: up to `floorUs`. */
export function eventItems(
  sessionId: string,
  threadId: string | null,
  events: readonly unknown[],
  floorUs: number | null = null,
): RawItem[] {
  const floor = floorUs === null ? "" : isoFromMicros(floorUs);
  const isDropped = (event: unknown) =>
    isObject(event) && event.processed_at !== null && uniformIso(event.processed_at) <= floor;
  const kept = events
    .map(storable)
    .filter((event) => event !== null && (floor === "" || !isDropped(event)));
  return kept.map((data) => ({ index: 0, kind: "event", sessionId, threadId, data }));
}
