import { prisma } from "@/lib/db/client";
import { readRetained } from "@/lib/ingest/seal-store";
import { uniformIso } from "@/lib/time/micros";
import { readObjectsDue } from "./object-service";
import { isCut, omissionsOfList } from "./omissions";
import { noteOmissions } from "./omissions-service";
import { ACTIVE, RINGS, type Ring, ringEveryMs } from "./rhythm";
import type { SessionObject, Sync } from "./session-service";
import { markRested, markUnseen, noteListed } from "./sync-store";
import { whenDue } from "./work-service";

const PAGE = 100;
/** Sessions made within this time are listed along with those at work. */
const NEWEST_MS = 120_000;

type Filter = Parameters<Sync["client"]["beta"]["sessions"]["list"]>[0];
/**
 * Reads a list of sessions to its end. The objects carry status, usage and cost: each page refreshes
 * a hundred sessions by one read, and tells which of them have to be looked into. Returns the pages.
 */
async function readList(sync: Sync, filter: Filter): Promise<number> {
  let page = await sync.client.beta.sessions.list({ limit: PAGE, ...filter });
  for (let pages = 1; ; pages++) {
    await takeListed(sync, page.data);
    await noteOmissions(sync, omissionsOfList(page));
    const next = await nextPage(sync, page, filter);
    if (next === null) return pages;
    page = next;
  }
}

type Page = Awaited<ReturnType<Sync["client"]["beta"]["sessions"]["list"]>>;

/**
 * The page after this one; null after the last. A server that does not say whether there is one is
 * asked for what was created up to the last of this page, as long as that brings something new.
 */
export async function nextPage(sync: Sync, page: Page, filter: Filter): Promise<Page | null> {
  if (page.hasNextPage()) return page.getNextPage();
  const last = page.data.at(-1);
  if (!isCut(page, PAGE) || last === undefined) return null;
  const until = { "created_at[lte]": last.created_at };
  const next = await sync.client.beta.sessions.list({ ...filter, limit: PAGE, ...until });
  return next.data.some(({ created_at }) => created_at < last.created_at) ? next : null;
}

/**
 * Takes in session objects as a list gives them; those that are news are due to be looked into. What
 * retention has dropped is not taken in again, and of sessions that are gone nothing is noted either.
 */
export async function takeListed(sync: Sync, sessions: readonly SessionObject[]): Promise<void> {
  if (sessions.length === 0) return;
  const ids = sessions.map(({ id }) => id);
  const retained = await readRetained(prisma, sync.reader, ids);
  await sync.take(
    sessions
      .filter(({ id }) => !retained.has(id))
      .map((data) => ({
        index: 0,
        kind: "session",
        sessionId: data.id,
        threadId: null,
        data,
      })),
  );
  const known = sessions.filter(({ id }) => (retained.get(id)?.how ?? "sealed") === "sealed");
  const listed = known.map(({ id, status, updated_at }) => ({
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
  await readObjectsDue(sync);
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
