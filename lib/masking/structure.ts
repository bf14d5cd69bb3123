// Which members of events and objects are structure: what the fold, the lists and the figures are made of.
// All else is content, also what no version of the API has had so far.

/** Never touched, whatever a rule says. */
const FIXED = new Set([
  ...["status", "version", "role", "result", "outcome", "permission", "evaluated_permission"],
  ...["speed", "service_tier", "inference_geo", "geo", "currency", "amount", "code", "category"],
  ...["state", "model", "expression", "timezone", "paused_reason", "stop_reason", "event", "kind"],
  ...["mcp_server_name", "scope", "effort"],
]);
const FIXED_ENDING = /(?:^|_)(?:id|ids|at|type|types)$/;

/** Kept without their content too, but looked through. */
const NAMES = new Set([
  ...["name", "display_name", "from_agent_name", "to_agent_name", "agent_name"],
]);

/** Objects and lists of structure: their members are judged in turn. */
const WALKED = new Set([
  ...["usage", "model_usage", "cache_creation", "server_tool_use", "list_cost", "max_list_cost"],
  ...["error", "retry_status", "stop_reason", "stop_details", "evaluation", "budget", "agent"],
  ...["model", "tools", "configs", "default_config", "permission_policy", "mcp_servers", "result"],
  ...["resources", "phases", "schedule", "trigger_context", "multiagent", "agents", "skills"],
  ...["paused_reason", "config", "networking", "stats", "outcome_evaluations"],
]);

const ID_CHARS = 256;
/** An enumeration, a version, an amount: whoever writes sentences into one of these writes content. */
const WORD = /^[\w.:+/@-]{0,128}$/;

export type Place = "fixed" | "name" | "walked" | "metadata" | "content";

/** What a member of structure is. `isTool`: in a tool use or a list of tools, where names are the fold's. */
export function placeOf(key: string, value: unknown, isTool: boolean): Place {
  if (value === null || typeof value !== "object") return placeOfScalar(key, value, isTool);
  if (key === "metadata" && !Array.isArray(value)) return "metadata";
  if (WALKED.has(key)) return "walked";
  return FIXED_ENDING.test(key) && isListOfIds(value) ? "fixed" : "content";
}

function placeOfScalar(key: string, value: unknown, isTool: boolean): Place {
  if (typeof value !== "string") return "fixed";
  if (FIXED_ENDING.test(key)) return value.length <= ID_CHARS ? "fixed" : "content";
  if (isTool && key === "name") return "fixed";
  if (FIXED.has(key)) return WORD.test(value) ? "fixed" : "content";
  return NAMES.has(key) ? "name" : "content";
}

/** What blocks of content are; whatever else is called a type, in a tool's input say, may be anything. */
const BLOCK_TYPES = new Set([
  ...["text", "image", "document", "file", "url", "base64", "content", "search_result"],
  ...["tool_use", "tool_result", "tool_reference", "thinking", "redacted_thinking"],
]);

export const isBlockType = (value: unknown) => typeof value === "string" && BLOCK_TYPES.has(value);

const isListOfIds = (value: object) =>
  Array.isArray(value) &&
  value.every((member) => typeof member === "string" && member.length <= ID_CHARS);

export const TOOL_USES = new Set(["agent.tool_use", "agent.mcp_tool_use", "agent.custom_tool_use"]);

/** Of a result, the member that names its call. */
export const CALL_OF_RESULT: Readonly<Record<string, string>> = {
  "agent.tool_result": "tool_use_id",
  "user.tool_result": "tool_use_id",
  "agent.mcp_tool_result": "mcp_tool_use_id",
  "user.custom_tool_result": "custom_tool_use_id",
};
