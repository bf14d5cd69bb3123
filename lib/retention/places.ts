/** What happens to a column of texts, of lists of them or of JSON when sessions are erased. */
type Columns = {
  /** Parsed, and written again without the names. */
  json?: readonly string[];
  /** Words that messages and people are given to read: the names are taken out of their middle. */
  words?: readonly string[];
  /** Lists of sessions' ids, which go out of them. */
  ids?: readonly string[];
  /** Keys of groups of alerts, made of their labels. */
  keys?: readonly string[];
  /** What people called it by: stays as it is, and the report says where it is. */
  named?: readonly string[];
  /** Seen to by a function of its own: see scrub-service.ts and scrub-apart-store.ts. */
  apart?: readonly string[];
  /** Ids that are made here or by the platform, and one of a few words. */
  never?: readonly string[];
};

/** What people write themselves. */
export type Written = (typeof WRITTEN)[number];
export const WRITTEN = [
  ...(["rule", "route", "silence", "budget", "view", "channel", "mute_timing", "prices"] as const),
  ...(["setting", "break_glass", "audit"] as const),
] as const;

export type Place =
  /** Of one session each: its rows go with it. */
  | "session"
  /** Sums: by names of sessions that remain nameless, and by what sessions say, as long as there are such. */
  | "sums"
  /** Watchkeeper's own people, keys, connections and work. */
  | "own"
  /** What the platform has beside sessions. */
  | "platform"
  | (Columns & {
      /** What people know its rows as: those that they wrote, and few. The report names them. */
      what?: Written;
      /** The column by which the report names a row, where that is not `id`. */
      id?: string;
      /** Told in the report as messages; others as other rows. */
      isMessage?: boolean;
    });

/**
 * Every table there is. What has a new table, or a new column in one that is listed by its columns, says
 * here what an erasure does to it: a test compares this with the database.
 */
export const PLACES: Readonly<Record<string, Place>> = {
  ...of("session", [
    ...["session", "session_state", "session_seal", "session_cell", "event", "span", "thread"],
    ...["message_text", "withheld_result", "sync_session", "sync_tail", "session_action"],
    ...["webhook_delivery", "held_session"],
  ]),
  ...of("sums", [
    ...["rollup", "rollup_delta", "promoted_day", "promoted_value", "exported_counter"],
    ...["repricing_part", "masked_count"],
  ]),
  ...of("platform", [
    ...["agent", "agent_release", "agent_version", "environment", "deployment", "resource"],
    ...["model_life", "work_queue"],
  ]),
  ...of("own", [
    ...["_prisma_migrations", "workspace", "person", "person_account", "person_verification"],
    ...["second_factor", "backup_code", "sign_in_step", "sign_in_attempt", "removed_person"],
    ...["membership", "access_link", "browser_session", "api_key", "retired_key", "connection"],
    ...["gone_session", "sync_work", "sync_minute", "read_budget", "read_count", "billed_report"],
    ...["webhook_failure", "_private_job_queues", "_private_known_crontabs", "_private_tasks"],
  ]),
  alert_episode: {
    ...{ json: ["labels", "summary"], ids: ["session_ids"], apart: ["fingerprint"] },
    never: ["id", "rule_id", "severity", "close_reason", "acknowledged_by"],
    isMessage: true,
  },
  alert_evaluation: { apart: ["results"], never: ["rule_id"] },
  alert_instance: {
    ...{ json: ["labels"], apart: ["fingerprint"], isMessage: true },
    never: ["rule_id", "status", "severity", "state", "episode_id"],
  },
  alert_note: { words: ["text"], never: ["id", "episode_id", "author"] },
  alert_rule: {
    ...{ json: ["body"], words: ["health_text"], named: ["name"], what: "rule" },
    never: ["id", "kind", "health"],
  },
  alert_rule_version: { json: ["body"], never: ["rule_id", "author"] },
  alert_transition: {
    apart: ["fingerprint"],
    never: [
      ...["rule_id", "episode_id", "from_status", "to_status", "event", "reason", "severity"],
    ],
  },
  audit: {
    apart: ["target_id", "target_label", "before", "after", "reason"],
    never: [
      ...["id", "actor_kind", "actor_id", "actor_label", "ip", "user_agent", "action"],
      "request_id",
    ],
  },
  billed_cost: { apart: ["session_id"], never: ["connection_id"] },
  break_glass: {
    ...{ named: ["reason"], what: "break_glass" },
    never: ["id", "person_id", "email", "closed_by"],
  },
  budget: {
    ...{ apart: ["value"], named: ["name"], what: "budget" },
    never: ["id", "scope", "period", "tz"],
  },
  channel: {
    ...{ words: ["state_reason"], named: ["name"], what: "channel" },
    never: ["id", "kind", "settings", "secrets", "state"],
  },
  connection_warning: { apart: ["example"], never: ["connection_id", "code"] },
  delivery: {
    ...{ json: ["content", "attempts"], keys: ["group_key"], isMessage: true },
    never: ["id", "channel_id", "reason", "episode_ids", "state", "state_reason"],
  },
  deployment_run: {
    ...{ words: ["error_message"], apart: ["session_id", "object"] },
    never: [
      ...["connection_id", "run_id", "deployment_id", "agent_id", "agent_version", "trigger"],
      "error_type",
    ],
  },
  erasure: {
    ...{ words: ["reason"], apart: ["subject", "words"] },
    never: ["id", "state", "about", "asked_by", "report", "problem"],
  },
  heartbeat: { never: ["name"] },
  legal_hold: {
    ...{ words: ["reason"], apart: ["session_ids", "value"] },
    never: ["id", "kind", "connection_id", "key", "placed_by", "lifted_by"],
  },
  masking_run: {
    apart: ["after_session"],
    never: ["id", "kind", "state", "asked_by", "stage", "after_connection", "counts", "fields"],
  },
  mute_timing: { named: ["name"], never: ["id", "body"], what: "mute_timing" },
  notice: { json: ["content"], never: ["id", "rule_id", "acknowledged_by"], isMessage: true },
  notice_group: {
    ...{ json: ["labels"], keys: ["key"], isMessage: true },
    never: ["channel_id", "timing", "members", "told", "state"],
  },
  notice_hold: { words: ["by_name"], never: ["episode_id", "channel_id", "kind", "by_id"] },
  price_version: { named: ["note"], never: ["terms", "author"], what: "prices", id: "number" },
  promoted_key: { apart: ["after_session"], never: ["key", "state", "after_connection"] },
  rejected_item: {
    apart: ["session_id", "body", "original"],
    never: ["source", "kind", "code", "message", "connection_id", "thread_id"],
  },
  repricing: {
    apart: ["after_session"],
    never: ["id", "kind", "state", "version", "after_connection"],
  },
  retention_run: {
    apart: ["after_session"],
    never: [
      ...["id", "state", "asked_by", "cutoffs", "stage", "after_connection", "counts"],
      "partitions",
    ],
  },
  route: { json: ["body"], named: ["name"], never: ["id"], what: "route" },
  saved_view: { apart: ["query"], named: ["name"], never: ["id", "room"], what: "view" },
  setting: { named: ["value"], never: ["key"], what: "setting", id: "key" },
  silence: { json: ["body", "history"], never: ["id", "author"], what: "silence" },
  _private_jobs: { apart: ["payload", "key"], never: ["last_error", "locked_by", "flags"] },
};

function of(place: Place, tables: readonly string[]): Record<string, Place> {
  return Object.fromEntries(tables.map((table) => [table, place]));
}
