import type { RawItem } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import type { SoupItem } from "./event-soup";
import { type DC_07, type HP_05, recordedItems } from "./recorded";

/** Puts items of one session through ingest, as a pusher would; throws if one is rejected. */
export async function storeItems(sessionId: string, items: readonly SoupItem[]): Promise<void> {
  const raw = items.map((item, index): RawItem => ({ ...item, index, sessionId }));
  const origin = { workspace: "default", connectionId: "", source: "push" } as const;
  const { rejected } = await acceptItems(origin, raw, [], new Date());
  if (rejected.length > 0) throw new Error(JSON.stringify(rejected));
}

export async function storeRecorded(sessionId: typeof HP_05 | typeof DC_07): Promise<void> {
  await storeItems(sessionId, recordedItems(sessionId));
}
