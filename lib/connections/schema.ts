// Connections: the Anthropic workspaces we read, each with its keys, read budget and progress.
// Written by: people through the connections API; progress and state by the sync; deliveries by the
// webhook receiver. Read by: the sync, the connections page.
// Invariant: keys and webhook secrets are stored sealed and never come back; only their last characters do.
import { z } from "zod";
import { formatCount } from "@/lib/format";
import { MaskingMode } from "@/lib/masking/schema";
import { WARNING_CODES } from "./warnings";

export const PUBLIC_API = "https://api.anthropic.com";
/** A workspace has at most this many connections, which is one page. */
export const MOST_CONNECTIONS = 100;

/** Jobs of a connection. Payloads: `ConnectionJob`, and `SyncHint` for the hint. */
export const START_TASK = "connection_start";
export const PURGE_TASK = "connection_purge";
export const HINT_TASK = "sync_hint";
/** The kind of work that reads the cost report with the Admin key. */
export const BILLING_WORK = "billing";

export const ConnectionJob = z.object({ workspace: z.string(), connectionId: z.string() });
export type ConnectionJob = z.infer<typeof ConnectionJob>;

/** What a webhook says: something happened to that resource, go and look. */
export const SyncHint = ConnectionJob.extend({
  type: z.string(),
  resourceId: z.string(),
  threadId: z.string().nullable(),
  createdAt: z.string().nullable(),
});
export type SyncHint = z.infer<typeof SyncHint>;

/**
 * `backfilling`: history is being read, and what is new along with it. `live`: history is complete.
 * `paused`: a person stopped it. `failed`: the sync stopped by itself, `state_reason` says why.
 */
export const ConnectionState = z.enum(["backfilling", "live", "paused", "failed"]);
export type ConnectionState = z.infer<typeof ConnectionState>;

export const OnDelete = z
  .enum(["keep", "purge"])
  .describe("what becomes here of a session that the platform deleted");
export type OnDelete = z.infer<typeof OnDelete>;

const count = z.int();
const time = z.string().nullable();

export const ConnectionWarning = z.object({
  code: z.enum(WARNING_CODES),
  message: z.string().describe("what is missing, and what follows from it"),
  count: count.describe("how often it was seen"),
  first_seen_at: z.string(),
  last_seen_at: z.string(),
  example: z.string().nullable().describe("the id of something it was seen at"),
});
export type ConnectionWarning = z.infer<typeof ConnectionWarning>;

export const ConnectionItem = z
  .object({
    id: z.string(),
    name: z.string(),
    base_url: z.string(),
    api_key_hint: z.string().describe("the key's last 4 characters"),
    webhook_secrets: z.array(
      z.object({
        hint: z
          .string()
          .describe("… and the secret's last 4 characters; PATCH takes it for the secret itself"),
        added_at: time,
      }),
    ),
    has_admin_key: z.boolean(),
    workspace_id: z.string().nullable().describe("as the platform names the workspace"),
    state: ConnectionState,
    state_reason: z.string().nullable(),
    webhook_path: z.string(),
    reads: z.object({
      limit_per_minute: count,
      last_minute: count,
      remaining: count.describe("of this minute's"),
      blocked_until: time.describe(
        "the platform asked for fewer requests; nobody reads until then",
      ),
    }),
    backfill_days: count.nullable().describe("null is all history"),
    on_delete: OnDelete,
    content_mode: MaskingMode,
    interrupts: z.boolean().describe("whether alert rules may interrupt its sessions"),
    interrupts_per_hour: count.describe("by all rules together, at most"),
    sessions: count.describe("seen there, those deleted since included"),
    waiting: count.describe("sessions that are due to be read"),
    backfill: z.object({
      sessions: count,
      events: count,
      done: z.boolean(),
      share: z
        .number()
        .nullable()
        .describe("of the time to be read, 0 to 1; null when its beginning is not known"),
      sessions_per_minute: count.nullable().describe("while it was read; pauses are left out"),
      events_per_minute: count.nullable(),
      seconds_left: count
        .nullable()
        .describe("if the rest is as dense as what is in; null when it cannot be told"),
      reached: time.describe("sessions created since then are in"),
      started_at: time,
      done_at: time,
    }),
    lag_seconds: count.nullable(),
    warnings: z.array(ConnectionWarning).describe("what its server leaves out or refuses"),
    webhooks_since: time.describe("since when a signing secret has been there"),
    last_webhook_at: time,
    webhook_silence: z
      .object({ since: z.string(), sessions: count.describe("at most 100 are counted") })
      .nullable()
      .describe("sessions came to rest since then, and no webhook told of it"),
    last_synced_at: time,
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: "Connection" });
export type ConnectionItem = z.infer<typeof ConnectionItem>;

export const ConnectionsPage = z.object({ data: z.array(ConnectionItem), next_cursor: z.null() });
export type ConnectionsPage = z.infer<typeof ConnectionsPage>;

// No message repeats a value: it may be a key typed into the wrong field.
const name = z
  .string()
  .trim()
  .min(1, "expected a name")
  .max(100, "expected at most 100 characters");
const baseUrl = z.string().trim().min(1).max(500);
const key = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,500}$/, "expected a key: 8 to 500 characters without spaces");
const secret = z
  .string()
  .trim()
  .regex(
    /^whsec_(?=.{24,200}$)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    "expected a signing secret as the Console shows it: whsec_ and base64",
  );
const keptSecret = z
  .string()
  .trim()
  .regex(/^….{4}$/, "expected whsec_… or a hint like …abc=");
const whole = (from: number, to: number) => {
  const words = `expected a whole number from ${formatCount(from)} to ${formatCount(to)}`;
  return z.int(words).min(from, words).max(to, words);
};
const days = whole(0, 36_500);
const readsPerMinute = whole(1, 100_000);

export const NewConnection = z
  .strictObject({
    name,
    base_url: baseUrl.default(PUBLIC_API),
    api_key: key,
    webhook_secrets: z.array(secret).max(10).default([]),
    reads_per_minute: readsPerMinute.default(240),
    backfill_days: days.nullable().default(null),
    on_delete: OnDelete.default("keep"),
    content_mode: MaskingMode.default("masked"),
    admin_key: key.nullable().default(null),
  })
  .meta({ id: "NewConnection" });
export type NewConnection = z.infer<typeof NewConnection>;

export const ConnectionPatch = z
  .strictObject({
    name,
    base_url: baseUrl,
    api_key: key,
    webhook_secrets: z
      .array(z.union([secret, keptSecret]))
      .max(10)
      .describe("all that shall count: new ones in full, present ones by their hint"),
    reads_per_minute: readsPerMinute,
    backfill_days: days.nullable(),
    on_delete: OnDelete,
    content_mode: MaskingMode,
    admin_key: key.nullable(),
    interrupts: z.boolean(),
    interrupts_per_hour: whole(1, 1_000),
    state: z.enum(["paused", "live"]).describe("live goes on with the backfill if it is not done"),
  })
  .partial()
  .meta({ id: "ConnectionPatch" });
export type ConnectionPatch = z.infer<typeof ConnectionPatch>;

export const RemoveQuery = z.object({
  data: z
    .enum(["keep", "purge"])
    .default("keep")
    .describe("what becomes of its sessions; purge is refused while anything of it is held"),
});
export type RemoveQuery = z.infer<typeof RemoveQuery>;

export const ConnectionParams = z.object({ id: z.string().max(100) });
