import type { RawItem } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { isActive, RINGS, type Ring, ringEveryMs } from "./rhythm";
import type { Sync } from "./session-service";
import { markUnseen, noteListed } from "./sync-store";
import { claimWork, releaseWork } from "./work-store";

const PAGE = 100;
/** Sessions made within this time are listed along with those at work. */
const NEWEST_MS = 120_000;
const LEASE_SECONDS = 120;

type Filter = Parameters<Sync["client"]["beta"]["sessions"]["list"]>[0];
type Pages = { pages: number; due: number; active: number };

/**
 * Reads a list of sessions to its end. The objects carry status, usage and cost: each page refreshes
 * a hundred sessions by one read, and tells which of them have to be looked into.
 */
async function readList(sync: Sync, filter: Filter): Promise<Pages> {
  const sum = { pages: 0, due: 0, active: 0 };
  let page = await sync.client.beta.sessions.list({ limit: PAGE, ...filter });
  for (;;) {
    sum.pages++;
    const now = new Date();
    const listed = page.data.map(({ id, updated_at }) => ({ id, updatedAt: updated_at }));
    await storeObjects(sync, page.data);
    sum.due += await noteListed(sync.reader, listed, now);
    sum.active += page.data.filter(({ status }) => isActive(status)).length;
    if (!page.hasNextPage()) return sum;
    page = await page.getNextPage();
  }
}

/** Session objects as a list gives them. */
export async function storeObjects(
  sync: Sync,
  sessions: ReadonlyArray<{ id: string }>,
): Promise<void> {
  if (sessions.length === 0) return;
  const items: RawItem[] = sessions.map((data, index) => ({
    index,
    kind: "session",
    sessionId: data.id,
    threadId: null,
    data,
  }));
  await acceptItems({ ...sync.reader, source: "poll" }, items, [], new Date());
}

/** The lists that are due: what is at work and what is new; and by turns everything else. */
export async function readDueLists(sync: Sync): Promise<void> {
  const { reader, rhythm, hasWebhooks } = sync;
  if (await claimWork(reader, "list", LEASE_SECONDS)) {
    await readList(sync, { statuses: ["running", "rescheduling"] });
    const since = new Date(Date.now() - NEWEST_MS).toISOString();
    await readList(sync, { "created_at[gte]": since, order: "desc" });
    await releaseWork(reader, "list", hasWebhooks ? rhythm.listWithWebhooksMs : rhythm.listMs);
  }
  // History is being read newest first anyway: sweeping over it as well would only cost reads.
  if (sync.connection.state !== "live") return;
  for (const ring of RINGS) if (await claimWork(reader, ring.kind, 3_600)) await sweep(sync, ring);
  if (await claimWork(reader, "objects", 3_600)) {
    await readObjects(sync);
    await releaseWork(reader, "objects", 3_600_000);
  }
}

async function sweep(sync: Sync, ring: Ring): Promise<void> {
  const { reader, connection } = sync;
  const began = new Date();
  const filter =
    ring.ageMs === null
      ? { include_archived: true }
      : { "created_at[gte]": new Date(Date.now() - ring.ageMs).toISOString() };
  const { pages } = await readList(sync, { ...filter, order: "desc" });
  if (ring.ageMs === null) await markUnseen(reader, began);
  await releaseWork(reader, ring.kind, ringEveryMs(ring, pages, connection.readsPerMinute));
}

/** Agents and environments, archived ones too. */
export async function readObjects(sync: Sync): Promise<void> {
  const { agents, environments } = sync.client.beta;
  const all = { limit: PAGE, include_archived: true };
  const items: RawItem[] = [];
  const add = (kind: RawItem["kind"]) => (data: unknown) => {
    items.push({ index: items.length, kind, sessionId: null, threadId: null, data });
  };
  for await (const agent of agents.list(all)) add("agent")(agent);
  for await (const environment of environments.list(all)) add("environment")(environment);
  if (items.length > 0)
    await acceptItems({ ...sync.reader, source: "poll" }, items, [], new Date());
}
