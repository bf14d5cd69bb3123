import Anthropic from "@anthropic-ai/sdk";
import type { Platform } from "./platform";

/** Small objects in the API's shapes, all of them of one made-up day. */
const DAY = "2026-11-20T";

const at = (time: string) => `${DAY}${time}Z`;

export const agentObject = (id: string, version = 1, fields: object = {}) => ({
  id,
  type: "agent",
  name: id,
  description: null,
  version,
  model: { id: "claude-sonnet-5-5" },
  system: null,
  tools: [],
  mcp_servers: [],
  skills: [],
  multiagent: null,
  execution_identity: { type: "service_account" },
  metadata: {},
  created_at: at("08:00:00"),
  updated_at: at("08:00:00"),
  archived_at: null,
  ...fields,
});

export const sessionObject = (id: string, createdAt = "10:00:00", fields: object = {}) => ({
  id,
  type: "session",
  title: null,
  status: "idle",
  environment_id: "env_A",
  deployment_id: null,
  agent: agentObject("agent_A"),
  vault_ids: [],
  resources: [],
  metadata: {},
  budget: null,
  outcome_evaluations: [],
  stats: {},
  usage: {},
  created_at: at(createdAt),
  updated_at: at(createdAt),
  archived_at: null,
  ...fields,
});

export const threadObject = (id: string, session_id: string, parent: string | null = null) => ({
  id,
  type: "session_thread",
  session_id,
  parent_thread_id: parent,
  agent: agentObject("agent_A"),
  status: "idle",
  stats: null,
  usage: null,
  workflow_run_id: null,
  created_at: at(parent === null ? "10:00:00" : "10:00:01"),
  updated_at: at("10:00:01"),
  archived_at: null,
});

/** An event at a time of that day; null while queued. */
export const eventObject = (
  id: string,
  type: string,
  time: string | null,
  fields: object = {},
) => ({
  id,
  type,
  processed_at: time === null ? null : at(time),
  ...fields,
});

export const environmentObject = (id: string, fields: object = {}) => ({
  id,
  type: "environment",
  name: id,
  description: null,
  metadata: {},
  config: { type: "self_hosted" },
  created_at: at("08:00:00"),
  updated_at: at("08:00:00"),
  archived_at: null,
  ...fields,
});

export const deploymentObject = (id: string, fields: object = {}) => ({
  id,
  type: "deployment",
  name: id,
  description: null,
  agent: { type: "agent", id: "agent_A", version: 1 },
  environment_id: "env_A",
  initial_events: [],
  metadata: {},
  resources: [],
  vault_ids: [],
  schedule: null,
  status: "active",
  paused_reason: null,
  created_at: at("08:00:00"),
  updated_at: at("08:00:00"),
  archived_at: null,
  ...fields,
});

export const runObject = (id: string, fields: object = {}) => ({
  id,
  type: "deployment_run",
  deployment_id: "depl_A",
  agent: { type: "agent", id: "agent_A", version: 1 },
  created_at: at("09:00:00"),
  session_id: "sesn_A",
  error: null,
  trigger_context: { type: "schedule", scheduled_at: at("09:00:00") },
  ...fields,
});

/** The real SDK, set to the platform; without retries unless asked. */
export function sdkFor(
  platform: Pick<Platform, "url" | "apiKey">,
  options: ConstructorParameters<typeof Anthropic>[0] = {},
): Anthropic {
  const { url: baseURL, apiKey } = platform;
  return new Anthropic({ baseURL, apiKey, maxRetries: 0, ...options });
}
