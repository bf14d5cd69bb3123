import type { AgentSpec } from "@/lib/demo/roster";
import type { AgentObject, SessionAgent, ThreadAgent } from "@/lib/demo/schema";
import type { ToolSpec } from "@/lib/demo/tool";
import { toolOf } from "@/lib/demo/toolbox";
import type { VersionSpec } from "@/lib/demo/versions";

type Tools = ThreadAgent["tools"];
type Builtin = Extract<Tools[number], { type: "agent_toolset_20260401" }>["configs"][number];

/** What a thread holds of the agent version it runs. */
export function threadAgentOf(
  agentId: string,
  agent: AgentSpec,
  version: VersionSpec,
): ThreadAgent {
  const tools = version.tools.map(toolOf);
  return {
    id: agentId,
    type: "agent",
    name: agent.name,
    description: agent.description,
    version: version.version,
    model: version.model,
    system: [agent.system, ...version.prompt].join("\n"),
    tools: toolsetsOf(tools),
    mcp_servers: serversOf(tools).map((name) => ({
      name,
      type: "url",
      url: `https://mcp.${name}.example.com/v1`,
    })),
    skills: [],
    execution_identity: { type: "service_account" },
  };
}

/** The snapshot a session holds: the thread's, with whom it may hand work to resolved. */
export function sessionAgentOf(
  own: ThreadAgent,
  agent: AgentSpec,
  roster: readonly ThreadAgent[],
): SessionAgent {
  return { ...own, multiagent: sessionMultiagent(agent, roster) };
}

/** The agent as the agents list returns it: the roster by reference. */
export function agentObjectOf(
  own: ThreadAgent,
  agent: AgentSpec,
  roster: readonly ThreadAgent[],
  dates: { createdAt: string; updatedAt: string },
): AgentObject {
  const resolved = sessionMultiagent(agent, roster);
  return {
    ...own,
    multiagent:
      resolved?.type === "coordinator"
        ? {
            type: "coordinator",
            agents: resolved.agents.map((member) =>
              member.type === "advisor"
                ? member
                : { id: member.id, type: "agent" as const, version: member.version },
            ),
          }
        : featuresOf(agent),
    metadata: { demo: "true", team: agent.environment },
    created_at: dates.createdAt,
    updated_at: dates.updatedAt,
    archived_at: null,
  };
}

function sessionMultiagent(
  agent: AgentSpec,
  roster: readonly ThreadAgent[],
): SessionAgent["multiagent"] {
  if (agent.shape !== "coordinator") return featuresOf(agent);
  const advisor =
    agent.advisor === null ? [] : [{ type: "advisor" as const, model: agent.advisor }];
  return { type: "coordinator", agents: [...roster, ...advisor] };
}

function featuresOf(agent: AgentSpec) {
  if (agent.advisor === null && agent.shape !== "workflow") return null;
  return {
    type: "multiagent_20261001" as const,
    advisor:
      agent.advisor === null
        ? { type: "disabled" as const }
        : { type: "enabled" as const, model: agent.advisor },
    subagents: { type: "disabled" as const },
    workflows:
      agent.shape === "workflow"
        ? {
            type: "enabled" as const,
            inline_agents: { type: "enabled" as const },
            predefined_agents: [],
          }
        : { type: "disabled" as const },
  };
}

function serversOf(tools: readonly ToolSpec[]): string[] {
  return [...new Set(tools.flatMap((tool) => (tool.server === null ? [] : [tool.server])))];
}

function toolsetsOf(tools: readonly ToolSpec[]): Tools {
  const builtins = tools.filter((tool) => tool.kind === "builtin").map(builtinConfig);
  const toolsets: Tools = [];
  if (builtins.length > 0) {
    toolsets.push({
      type: "agent_toolset_20260401",
      default_config: { enabled: false, permission_policy: { type: "always_allow" } },
      configs: builtins.filter((config) => config !== null),
    });
  }
  for (const server of serversOf(tools)) {
    const asking = tools.filter((tool) => tool.server === server && tool.policy !== "always_allow");
    toolsets.push({
      type: "mcp_toolset",
      mcp_server_name: server,
      default_config: { enabled: true, permission_policy: { type: "always_allow" } },
      configs: asking.map((tool) => ({
        name: tool.name,
        enabled: true,
        permission_policy: { type: tool.policy },
      })),
    });
  }
  for (const tool of tools) {
    if (tool.kind !== "custom") continue;
    toolsets.push({
      type: "custom",
      name: tool.name,
      description: tool.description,
      input_schema: { type: "object", properties: {} },
    });
  }
  return toolsets;
}

function builtinConfig(tool: ToolSpec): Builtin | null {
  const shared = { enabled: true, permission_policy: { type: tool.policy } };
  switch (tool.name) {
    case "bash":
      return { ...shared, name: "bash", type: "bash" };
    case "read":
      return { ...shared, name: "read", type: "read" };
    case "write":
      return { ...shared, name: "write", type: "write" };
    case "edit":
      return { ...shared, name: "edit", type: "edit" };
    case "glob":
      return { ...shared, name: "glob", type: "glob" };
    case "grep":
      return { ...shared, name: "grep", type: "grep" };
    case "web_search":
      return { ...shared, name: "web_search", type: "web_search" };
    case "web_fetch":
      return { ...shared, name: "web_fetch", type: "web_fetch", url_sources: null };
    default:
      return null;
  }
}
