import Anthropic from "@anthropic-ai/sdk";
import { readDeletion } from "@/lib/connections/webhook-store";
import { removeSessions } from "@/lib/retention/service";
import type { SyncRow } from "./claim-store";
import type { Sync } from "./session-service";
import { saveGone } from "./sync-store";

/** For `catch`: what the platform does not have is null; any other failure is thrown on. */
export function absent(error: unknown): null {
  if (error instanceof Anthropic.NotFoundError) return null;
  throw error;
}

/**
 * A 404 can mean a wrong door: only when the list still answers and the session is still missing has
 * the platform deleted it. As the connection has it, its history goes as well, or stays here, ended by
 * the event the platform sends on streams.
 */
export async function takeMissing(sync: Sync, { sessionId, isGone }: SyncRow): Promise<number> {
  await sync.client.beta.sessions.list({ limit: 1 });
  const again = await sync.client.beta.sessions.retrieve(sessionId).catch(absent);
  if (again !== null) throw new Error("The session was missing and is there again.");
  if (sync.connection.onDelete === "purge") {
    await removeSessions({ ...sync.reader, sessionId });
    await saveGone(sync.reader, sessionId);
    return 0;
  }
  if (isGone) {
    await saveGone(sync.reader, sessionId);
    return 0;
  }
  const told = await readDeletion({ ...sync.reader, sessionId });
  const data = {
    id: `deleted_${sessionId}`,
    type: "session.deleted",
    processed_at: told ?? new Date().toISOString(),
  };
  await sync.take([{ index: 0, threadId: null, kind: "event", sessionId, data }]);
  await saveGone(sync.reader, sessionId);
  return 0;
}
