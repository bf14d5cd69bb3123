import { PUBLIC_API } from "@/lib/connections/schema";
import { Prisma } from "@/lib/db/generated/client";
import { consoleUrlOf, type Remote } from "./console-url";
import type { Sql } from "./filter-store";
import { SessionItem } from "./schema";

/** An instant as text in UTC with microseconds, which JavaScript's dates would lose. */
export function instantOf(column: Sql): Sql {
  return Prisma.sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** The same in JSON, to be finished by `instantFromJson`: a tenth of the cost, for rows by the thousand. */
export function utcOf(column: string): Sql {
  return Prisma.raw(`(${column} at time zone 'UTC')`);
}

const at = (name: string) => instantOf(Prisma.raw(`s.${name}`));

/** A row `s` of `session` as the API tells it. A wait that lasts still counts until `now`. */
export function sessionJson(now: Date): Sql {
  return Prisma.sql`json_build_object(
    'id', s.session_id, 'connection_id', nullif(s.connection_id, ''), 'title', s.title,
    'agent', json_build_object('id', s.agent_id, 'name', s.agent_name, 'version', s.agent_version),
    'environment_id', s.environment_id, 'deployment_id', s.deployment_id, 'model', s.model,
    'source', s.source, 'status', s.status, 'outcome', s.outcome, 'outcome_detail', s.outcome_detail,
    'started_at', ${at("started_at")}, 'settled_at', ${at("settled_at")},
    'last_event_at', ${at("last_event_at")}, 'archived_at', ${at("archived_at")},
    'deleted_at', ${at("deleted_at")}, 'duration_ms', s.duration_ms, 'active_ms', s.active_ms,
    'waiting_ms', s.waiting_ms + case when s.outcome = 'waiting' then greatest(0, floor(extract(
      epoch from ${now}::timestamptz - (s.outcome_detail ->> 'since')::timestamptz) * 1000)) else 0 end,
    'turns', s.turns, 'threads', s.threads, 'events', s.events, 'model_requests', s.model_requests,
    'tool_calls', s.tool_calls, 'tool_errors', s.tool_errors, 'tool_denials', s.tool_denials,
    'errors', s.errors,
    'usage', json_build_object('input_tokens', s.input_tokens,
      'cache_write_5m_tokens', s.cache_write_5m_tokens,
      'cache_write_1h_tokens', s.cache_write_1h_tokens, 'cache_read_tokens', s.cache_read_tokens,
      'output_tokens', s.output_tokens, 'web_searches', s.web_searches),
    'cost', json_build_object('computed_nanos', s.computed_nanos, 'tokens_nanos', s.tokens_nanos,
      'runtime_nanos', s.runtime_nanos, 'web_search_nanos', s.web_search_nanos,
      'unpriced_tokens', s.unpriced_tokens, 'missing_thread_tokens', s.missing_thread_tokens,
      'list_cost_cents', s.list_cost_cents, 'drift_nanos', s.drift_nanos,
      'drift_causes', coalesce(s.drift_causes, '{}'), 'price_book', s.price_book),
    'budget_cents', s.budget_cents, 'metadata', s.metadata,
    'complete_until', ${at("last_event_at")}, 'remote_workspace', case when s.connection_id <> '' then (
      select c.remote_workspace_id from connection c where c.workspace = s.workspace
        and c.id = s.connection_id and c.base_url = ${PUBLIC_API}) end)`;
}

/** A version as the platform gives it: a number where it is one. */
export function versionOf(text: string | null): number | string | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : text;
}

/** What `sessionJson` gave, checked. */
export function sessionItemOf(json: SessionJson): SessionItem {
  const agent = { ...json.agent, version: versionOf(json.agent.version) };
  return SessionItem.parse({ ...json, agent, console_url: consoleUrlOf(json) });
}

type SessionJson = Remote & { agent: { version: string | null } };
