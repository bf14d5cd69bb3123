import { type ConnectionItem, ConnectionState, type ConnectionWarning, OnDelete } from "./schema";
import type { ConnectionRow } from "./store";

const iso = (time: Date | null) => time?.toISOString() ?? null;

/** A connection as the API shows it. `lastMinute`: requests made within the last minute. */
export function itemOf(
  row: ConnectionRow,
  lastMinute: number,
  warnings: ConnectionWarning[],
): ConnectionItem {
  return {
    id: row.id,
    name: row.name,
    base_url: row.baseUrl,
    api_key_hint: row.apiKeyHint,
    webhook_secret_hints: row.webhookSecretHints,
    has_admin_key: row.adminKeySealed !== null,
    workspace_id: row.remoteWorkspaceId,
    state: ConnectionState.parse(row.state),
    state_reason: row.stateReason,
    webhook_path: `/api/webhooks/anthropic/${row.id}`,
    reads: { limit_per_minute: row.readsPerMinute, last_minute: lastMinute },
    backfill_days: row.backfillDays,
    on_delete: OnDelete.parse(row.onDelete),
    backfill: {
      sessions: row.backfillSessions,
      events: Number(row.backfillEvents),
      done: row.backfillDoneAt !== null,
      reached: iso(row.backfillBefore),
      started_at: iso(row.backfillStartedAt),
      done_at: iso(row.backfillDoneAt),
    },
    lag_seconds: row.lagSeconds,
    warnings,
    last_webhook_at: iso(row.lastWebhookAt),
    last_synced_at: iso(row.lastSyncedAt),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
