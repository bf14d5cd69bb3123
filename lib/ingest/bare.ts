import { BUILTIN } from "@/lib/masking/builtin";
import { masked, maskerOf } from "@/lib/masking/masker";
import { sizesOf } from "@/lib/masking/sizes";
import { groupKept } from "./error-text";
import { isObject } from "./normalize";
import type { JsonObject } from "./schema";

/**
 * What is stored, without what was said: the form that a connection stores which keeps metadata only.
 * A fold of it gives the same figures, as long as two things stay that masking would take: the group of
 * an error, which failures are counted under, and what the totals call an agent and its model.
 */
const MASKER = maskerOf(
  { rules: [], builtin: Object.fromEntries(BUILTIN.map(({ name }) => [name, false])) },
  "metadata",
);

const LABELS = ["id", "version", "name", "model"] as const;

export function bareEvent(payload: JsonObject): JsonObject {
  const bare = masked(MASKER, { kind: "event", payload }, new Map());
  const error = groupKept(payload);
  if (error === null) return bare;
  return { ...bare, _masking: { bytes: { ...sizesOf(bare._masking) }, error } };
}

export function bareObject(kind: "session" | "thread", object: JsonObject): JsonObject {
  const bare = masked(MASKER, { kind, payload: object }, new Map());
  return isObject(object.agent) ? { ...bare, agent: bareAgent(object.agent) } : bare;
}

/** How an agent was set up, without its prompt and what else it was told. */
export function bareAgent(agent: JsonObject): JsonObject {
  const bare = masked(MASKER, { kind: "session", payload: { agent } }, new Map()).agent;
  const names = LABELS.flatMap((name) => (name in agent ? [[name, agent[name]]] : []));
  return { ...(isObject(bare) ? bare : {}), ...Object.fromEntries(names) };
}
