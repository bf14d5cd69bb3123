import type { RawItem } from "@/lib/ingest/schema";
import { uniformIso } from "@/lib/time/micros";
import { failureOf } from "./failure";
import { ACTIVE, RINGS, type Ring, ringEveryMs } from "./rhythm";
import type { SessionObject, Sync } from "./session-service";
import { markRested, markUnseen, noteListed } from "./sync-store";
import { whenDue } from "./work-service";

const PAGE = 100;
/** Sessions made within this time are listed along with those at work. */
const NEWEST_MS = 120_000;
const OBJECTS_MS = 3_600_000;

type Filter = Parameters<Sync["client"]["beta"]["sessions"]["list"]>[0];
/**
 * Reads a list of sessions to its end. The objects carry status, usage and cost: each page refreshes
 * a hundred sessions by one read, and tells which of them have to be looked into. Returns the pages.
 */
async function readList(sync: Sync, filter: Filter): Promise<number> {
  let page = await sync.client.beta.sessions.list({ limit: PAGE, ...filter });
  for (let pages = 1; ; pages++) {
    await takeListed(sync, page.data);
    if (!page.hasNextPage()) return pages;
    page = await page.getNextPage();
  }
}

/** Takes in session objects as a list gives them; those that are news are due to be looked into. */
export async function takeListed(sync: Sync, sessions: readonly SessionObject[]): Promise<void> {
  if (sessions.length === 0) return;
  await sync.take(
    sessions.map((data) => ({
      index: 0,
      kind: "session",
      sessionId: data.id,
      threadId: null,
      data,
    })),
  );
  const listed = sessions.map(({ id, status, updated_at }) => ({
    id,
    status,
    updatedAt: uniformIso(updated_at),
  }));
  await noteListed(sync.reader, listed, new Date());
}

/** What is at work and what is new, when it is time for it. */
export async function readShortLists(sync: Sync): Promise<void> {
  const { reader, rhythm, hasWebhooks } = sync;
  await whenDue(reader, { kind: "list", leaseMs: rhythm.leaseMs }, async () => {
    const began = new Date();
    await readList(sync, { statuses: [...ACTIVE] });
    await markRested(reader, began);
    const since = new Date(Date.now() - NEWEST_MS).toISOString();
    await readList(sync, { "created_at[gte]": since, order: "desc" });
    return hasWebhooks ? rhythm.listWithWebhooksMs : rhythm.listMs;
  });
}

/** Everything else by turns, each ring and the objects when it is time for them. */
export async function readLongLists(sync: Sync): Promise<void> {
  const { leaseMs } = sync.rhythm;
  await whenDue(sync.reader, { kind: "objects", leaseMs }, async () => {
    await readObjects(sync);
    return OBJECTS_MS;
  });
  // History is being read newest first anyway: sweeping over it as well would only cost reads.
  if (sync.connection.state !== "live") return;
  for (const ring of RINGS)
    await whenDue(sync.reader, { kind: ring.kind, leaseMs }, () => sweep(sync, ring));
}

/** Returns in how many ms the ring is due again. */
async function sweep(sync: Sync, ring: Ring): Promise<number> {
  const began = new Date();
  const filter =
    ring.ageMs === null
      ? { include_archived: true }
      : { "created_at[gte]": new Date(Date.now() - ring.ageMs).toISOString() };
  const pages = await readList(sync, { ...filter, order: "desc" });
  if (ring.ageMs === null) await markUnseen(sync.reader, began);
  return ringEveryMs(ring, pages, sync.connection.readsPerMinute);
}

/** Agents and environments, archived ones too. A key that may not read them reads sessions all the same. */
export async function readObjects(sync: Sync): Promise<void> {
  const { agents, environments } = sync.client.beta;
  const all = { limit: PAGE, include_archived: true };
  await storeAll(sync, "agent", () => agents.list(all));
  await storeAll(sync, "environment", () => environments.list(all));
}

async function storeAll(
  sync: Sync,
  kind: RawItem["kind"],
  list: () => AsyncIterable<object>,
): Promise<void> {
  const items: RawItem[] = [];
  try {
    for await (const data of list())
      items.push({ index: items.length, kind, sessionId: null, threadId: null, data });
  } catch (error) {
    const { reason } = failureOf(error, "");
    if (reason !== "no_access" && reason !== "missing_beta") throw error;
  }
  await sync.take(items);
}
