import { MaskingMode } from "@/lib/masking/schema";
import { progressOf } from "./progress";
import { type ConnectionItem, ConnectionState, type ConnectionWarning, OnDelete } from "./schema";
import type { Standing } from "./standing-store";
import type { ConnectionRow } from "./store";

const iso = (time: Date | null | undefined) => time?.toISOString() ?? null;
const rounded = (value: number | null) => (value === null ? null : Math.round(value));
const DAY_MS = 86_400_000;
/** Fewer may have been lost one by one. */
const LEAST_RESTED = 3;

/** A connection as the API shows it. */
export function itemOf(
  row: ConnectionRow,
  standing: Standing | undefined,
  warnings: ConnectionWarning[],
): ConnectionItem {
  const lastMinute = standing?.readsLastMinute ?? 0;
  return {
    id: row.id,
    name: row.name,
    base_url: row.baseUrl,
    api_key_hint: row.apiKeyHint,
    webhook_secrets: row.webhookSecretHints.map((hint, at) => ({
      hint,
      added_at: iso(row.webhookSecretTimes[at]),
    })),
    has_admin_key: row.adminKeySealed !== null,
    workspace_id: row.remoteWorkspaceId,
    state: ConnectionState.parse(row.state),
    state_reason: row.stateReason,
    webhook_path: `/api/webhooks/anthropic/${row.id}`,
    reads: {
      limit_per_minute: row.readsPerMinute,
      last_minute: lastMinute,
      remaining: Math.max(0, row.readsPerMinute - lastMinute),
      blocked_until: iso(standing?.blockedUntil),
    },
    backfill_days: row.backfillDays,
    on_delete: OnDelete.parse(row.onDelete),
    content_mode: MaskingMode.parse(row.contentMode),
    ...{ interrupts: row.interrupts, interrupts_per_hour: row.interruptsPerHour },
    sessions: standing?.sessions ?? 0,
    waiting: standing?.waiting ?? 0,
    backfill: backfillOf(row, standing?.oldest ?? null),
    lag_seconds: row.lagSeconds,
    warnings,
    webhooks_since: iso(row.webhooksSince),
    last_webhook_at: iso(row.lastWebhookAt),
    webhook_silence: silenceOf(row, standing?.restedSince ?? 0),
    last_synced_at: iso(row.lastSyncedAt),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

function backfillOf(row: ConnectionRow, oldest: string | null): ConnectionItem["backfill"] {
  const startedMs = row.backfillStartedAt?.getTime() ?? null;
  const oldestMs = Date.parse(oldest ?? "");
  const bound = row.backfillDays === null ? oldestMs : (startedMs ?? 0) - row.backfillDays * DAY_MS;
  const done = row.backfillDoneAt !== null;
  const progress = progressOf({
    sessions: row.backfillSessions,
    events: Number(row.backfillEvents),
    busyMs: Number(row.backfillMs),
    startedMs,
    reachedMs: row.backfillBefore?.getTime() ?? null,
    oldestMs: Number.isNaN(bound) ? null : bound,
  });
  return {
    sessions: row.backfillSessions,
    events: Number(row.backfillEvents),
    done,
    share: done ? 1 : progress.share,
    sessions_per_minute: rounded(progress.sessionsPerMinute),
    events_per_minute: rounded(progress.eventsPerMinute),
    seconds_left: done ? 0 : progress.secondsLeft,
    reached: iso(row.backfillBefore),
    started_at: iso(row.backfillStartedAt),
    done_at: iso(row.backfillDoneAt),
  };
}

function silenceOf(row: ConnectionRow, rested: number): ConnectionItem["webhook_silence"] {
  if (row.webhooksSince === null || rested < LEAST_RESTED) return null;
  const last = Math.max(row.webhooksSince.getTime(), row.lastWebhookAt?.getTime() ?? 0);
  return { since: new Date(last).toISOString(), sessions: rested };
}
