import { isoFromMicros, microsFromIso } from "@/lib/time/micros";
import { canonicalJson, cleanText } from "./canonical";
import { hashOf, isObject } from "./normalize";
import type { JsonObject, ObjectRecord } from "./schema";
import { budgetCents } from "./snapshots";
import { textOf } from "./spans";
import { agentPricing, memoryStoresOf, textsOf } from "./summary";

// What of the objects beside the sessions is kept in columns. The names are those of the tables.

/** A version of an agent. Its prompt can be told from another by hash and length, and is not kept here. */
export function releaseColumns({ id, atUs, hash, payload }: ObjectRecord) {
  return {
    agent_id: id,
    version: versionOf(payload),
    name: textOf(payload.name),
    ...setUpColumns(payload),
    created_at: instant(payload.created_at),
    updated_at: isoFromMicros(atUs),
    hash,
  };
}

/** By these a configuration is told from another. */
export function setUpColumns(agent: JsonObject) {
  const system = textOf(agent.system);
  return {
    model: agentPricing(agent).model,
    tools: toolsOf(agent.tools),
    system_hash: system === null ? null : hashOf(system),
    system_chars: system?.length ?? 0,
  };
}

export function deploymentColumns({ id, atUs, payload }: ObjectRecord) {
  const schedule = isObject(payload.schedule) ? payload.schedule : null;
  const agent = isObject(payload.agent) ? payload.agent : null;
  return {
    deployment_id: id,
    name: textOf(payload.name),
    agent_id: textOf(agent?.id),
    agent_version: agent === null ? null : versionOf(agent) || null,
    environment_id: textOf(payload.environment_id),
    status: textOf(payload.status),
    paused_reason: pausedReason(payload.paused_reason),
    schedule: textOf(schedule?.expression),
    timezone: textOf(schedule?.timezone),
    last_run_at: instant(schedule?.last_run_at),
    vault_ids: textsOf(payload.vault_ids),
    memory_store_ids: memoryStoresOf(payload.resources),
    budget_cents: budgetCents(payload.budget),
    updated_at: isoFromMicros(atUs),
    archived_at: instant(payload.archived_at),
  };
}

export function runColumns({ id, atUs, payload }: ObjectRecord) {
  const trigger = isObject(payload.trigger_context) ? payload.trigger_context : null;
  const error = isObject(payload.error) ? payload.error : null;
  const agent = isObject(payload.agent) ? payload.agent : null;
  return {
    run_id: id,
    deployment_id: textOf(payload.deployment_id),
    agent_id: textOf(agent?.id),
    agent_version: agent === null ? null : versionOf(agent) || null,
    trigger: textOf(trigger?.type),
    scheduled_at: instant(trigger?.scheduled_at),
    started_at: instant(payload.created_at),
    session_id: textOf(payload.session_id),
    error_type: textOf(error?.type),
    error_message: textOf(error?.message),
    updated_at: isoFromMicros(atUs),
  };
}

/** A vault is called by its `display_name`. */
export function resourceColumns({ id, kind, atUs, payload, hash }: ObjectRecord) {
  return {
    kind,
    resource_id: id,
    name: textOf(payload.display_name ?? payload.name),
    created_at: instant(payload.created_at),
    updated_at: isoFromMicros(atUs),
    archived_at: instant(payload.archived_at),
    hash,
  };
}

/** The names of all tools; a server's are known to the server only, so it goes by its own name. */
export function toolsOf(tools: unknown): string[] {
  if (!Array.isArray(tools)) return [];
  const names = tools.filter(isObject).flatMap((tool) => {
    const server = textOf(tool.mcp_server_name);
    if (server !== null) return [`${server}.*`];
    if (!Array.isArray(tool.configs)) return [textOf(tool.name) ?? textOf(tool.type)];
    const configs = tool.configs.filter(isObject).filter(({ enabled }) => enabled !== false);
    return configs.length > 0 ? configs.map(({ name }) => textOf(name)) : [textOf(tool.type)];
  });
  return [...new Set(names.filter((name) => name !== null))].sort();
}

function pausedReason(value: unknown): string | null {
  if (!isObject(value)) return null;
  const error = isObject(value.error) ? textOf(value.error.type) : null;
  return error ?? textOf(value.type) ?? cleanText(canonicalJson(value) ?? "").slice(0, 200);
}

const versionOf = ({ version }: JsonObject): string =>
  version == null ? "" : cleanText(String(version)).slice(0, 256);

function instant(value: unknown): string | null {
  const us = typeof value === "string" ? microsFromIso(value) : null;
  return us === null ? null : isoFromMicros(us);
}
