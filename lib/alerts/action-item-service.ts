import type { ActionState } from "./action";
import { type ActionKey, readAction } from "./action-store";
import type { EpisodeDetail } from "./episode-schema";

/** What an episode's rule did to its session, as the API tells it; null where it does nothing. */
export async function readActionItem(key: ActionKey): Promise<EpisodeDetail["action"]> {
  const row = await readAction(key);
  if (!row) return null;
  return {
    ...{ state: row.state as ActionState, reason: row.reason, attempts: row.attempts },
    ...{ event_id: row.eventId, created_at: row.createdAt.toISOString() },
    tried_at: row.triedAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}
