import { canonicalJson } from "./canonical";
import { hashOf } from "./normalize";
import type { JsonObject } from "./schema";

/** Each agent of a batch is asked for twice: by its session's row, and by the list of configurations. */
const known = new WeakMap<JsonObject, string>();

/** Names what an agent is set up with; overrides keep its id and version. */
export function configHashOf(agent: JsonObject): string {
  const { model, system, tools, mcp_servers, skills, multiagent } = agent;
  const config = { model, system, tools, mcp_servers, skills, multiagent };
  const hash = known.get(agent) ?? hashOf(canonicalJson(config) ?? "");
  known.set(agent, hash);
  return hash;
}
