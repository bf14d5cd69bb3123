import type { Area } from "./names";

export type Json = Record<string, unknown>;

/** One thing a configuration says, in words. Details of a part come and go with it. */
export type Part = { area: Area; what: string; value: string; of: string | null };

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);
const textOf = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : null;

/** Of an agent's own, not of how it is set up. */
const NO_CONFIGURATION = [
  ...["id", "type", "version", "created_at", "updated_at", "archived_at", "metadata"],
  ...["model", "system", "tools", "mcp_servers", "skills", "multiagent"],
];

/** Everything a configuration says but its prompt, by area and name. */
export function partsOf(config: Json): Map<string, Part> {
  const all = [
    ...modelParts(config.model),
    ...listOf(config.tools).flatMap(toolParts),
    ...listOf(config.mcp_servers).flatMap(serverParts),
    ...listOf(config.skills).flatMap(skillParts),
    ...multiagentParts(config.multiagent),
    ...leavesOf(without(config, NO_CONFIGURATION)).map(([path, value]) =>
      plain("other", path, value),
    ),
  ];
  return new Map(all.map((part) => [keyOf(part), part]));
}

export const promptOf = ({ system }: Json): string => textOf(system) ?? "";

/**
 * What an override can change, as one text: equal for configurations that mean the same. Whom a
 * coordinator hands work to is resolved anew for each session, and no override.
 */
export function signatureOf(config: Json): string {
  const parts = [...partsOf(config).values()].filter(({ area }) => area !== "other");
  const said = parts.map(({ area, what, value }) => JSON.stringify([area, what, value])).sort();
  return JSON.stringify([promptOf(config), ...said]);
}

export const keyOf = ({ area, what }: Pick<Part, "area" | "what">) => `${area}\n${what}`;

const plain = (area: Area, what: string, value: string): Part => ({ area, what, value, of: null });

/** Deeper details of a part: what is said of it beside what names it. */
const details = (part: Part, rest: Json): Part[] =>
  leavesOf(rest).map(([path, value]) => ({
    ...plain(part.area, `${part.what}: ${path}`, value),
    of: keyOf(part),
  }));

const without = (value: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

/** Every value within, by its path; what is null or empty says nothing. */
function leavesOf(value: unknown, path = ""): Array<[path: string, value: string]> {
  if (value === null || value === undefined || value === "") return [];
  if (Array.isArray(value) && !value.some(isJson))
    return value.length === 0 ? [] : [[path, value.map(String).join(", ")]];
  if (Array.isArray(value)) return value.flatMap((item, at) => leavesOf(item, `${path}[${at}]`));
  if (!isJson(value)) return [[path, String(value)]];
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf(inner, path === "" ? name : `${path}.${name}`),
  );
}

const MODEL_WORDS: Record<string, string> = {
  id: "Model",
  "effort.type": "Effort",
  effort: "Effort",
  speed: "Speed",
  inference_geo: "Inference region",
};

function modelParts(model: unknown): Part[] {
  const said = typeof model === "string" ? { id: model } : model;
  return leavesOf(said).map(([path, value]) => plain("model", MODEL_WORDS[path] ?? path, value));
}

function toolParts(tool: Json): Part[] {
  if (Array.isArray(tool.configs) || isJson(tool.default_config)) return toolsetParts(tool);
  const name = textOf(tool.name) ?? textOf(tool.type) ?? "tool";
  const part = plain("tools", name, permissionOf(tool) ?? "custom tool");
  return [part, ...details(part, without(tool, ["type", "name", "permission_policy"]))];
}

/** The tools of a set that are on, each with its permission; the others of the set together. */
function toolsetParts(set: Json): Part[] {
  const server = textOf(set.mcp_server_name);
  const standard = isJson(set.default_config) ? set.default_config : {};
  const isOn = standard.enabled !== false;
  const others = server === null ? "all other built-in tools" : `${server}: all other tools`;
  const named = listOf(set.configs).flatMap((config) => {
    const name = textOf(config.name) ?? "tool";
    const what = server === null ? name : `${server}.${name}`;
    const enabled = config.enabled === undefined ? isOn : config.enabled !== false;
    if (!enabled) return isOn ? [plain("tools", what, "off")] : [];
    const part = plain("tools", what, permissionOf(config) ?? permissionOf(standard) ?? "on");
    const known = ["name", "type", "enabled", "permission_policy"];
    return [part, ...details(part, without(config, known))];
  });
  return isOn ? [...named, plain("tools", others, permissionOf(standard) ?? "on")] : named;
}

/** "always ask", "always allow". */
function permissionOf({ permission_policy: policy }: Json): string | null {
  const type = isJson(policy) ? textOf(policy.type) : textOf(policy);
  return type?.replaceAll("_", " ") ?? null;
}

function serverParts(server: Json): Part[] {
  const part = plain("mcp_servers", textOf(server.name) ?? "server", textOf(server.url) ?? "–");
  return [part, ...details(part, without(server, ["name", "url", "type"]))];
}

function skillParts(skill: Json): Part[] {
  const name = textOf(skill.skill_id) ?? textOf(skill.id) ?? textOf(skill.name) ?? "skill";
  const version = skill.version == null ? "newest version" : `version ${String(skill.version)}`;
  const part = plain("skills", name, version);
  return [part, ...details(part, without(skill, ["skill_id", "id", "name", "version", "type"]))];
}

/** A roster by names and versions: what its members are set up with is their own. */
function multiagentParts(multiagent: unknown): Part[] {
  if (!isJson(multiagent)) return [];
  const roster = listOf(multiagent.agents).map((member) => {
    const name = textOf(member.name) ?? textOf(member.id) ?? textOf(member.type) ?? "agent";
    if (member.type === "advisor") return plain("other", "Advisor", modelWords(member.model));
    const version = member.version == null ? "newest version" : `v${String(member.version)}`;
    return plain("other", `Roster: ${name}`, version);
  });
  const rest = leavesOf(without(multiagent, ["agents"]));
  return [...roster, ...rest.map(([path, value]) => plain("other", `multiagent.${path}`, value))];
}

const modelWords = (model: unknown) =>
  (isJson(model) ? textOf(model.id) : textOf(model)) ?? "unknown model";
