import type { SessionWork } from "./arrival-service";
import { beatsObject } from "./batch";
import { cleanText } from "./canonical";
import { configHashOf } from "./config-hash";
import { isObject } from "./normalize";
import type { AgentConfig } from "./object-store";
import type { JsonObject, ObjectRecord } from "./schema";
import { mergeSnapshot, snapshotMembers } from "./snapshots";
import { textOf } from "./spans";
import { agentPricing } from "./summary";

/** Takes a session object in when it is newer than the one that stands; its usage counts member by member. */
export function takeSessionObject(
  work: Pick<SessionWork, "facts" | "object" | "isChanged">,
  object: ObjectRecord,
): "new" | "newer" | "same" {
  const { facts } = work;
  const isFirst = facts.objectUs === null;
  const standing = { atUs: facts.objectUs ?? Number.NEGATIVE_INFINITY, hash: facts.objectHash };
  if (!isFirst && object.atUs === standing.atUs && object.hash === standing.hash) return "same";
  const before = JSON.stringify(facts.usage);
  if (isObject(object.payload.usage))
    mergeSnapshot(facts.usage, usageOf(object.payload), object.atUs, object.hash);
  const isBetter = beatsObject(object, standing);
  if (isBetter) {
    facts.objectUs = object.atUs;
    facts.objectHash = object.hash;
    work.object = object.payload;
    facts.config = undefined;
  }
  if (!isBetter && before === JSON.stringify(facts.usage)) return "same";
  work.isChanged = true;
  return isFirst ? "new" : "newer";
}

/** While a turn runs the object's token counts read 0 until the idle: that is not known, not zero. */
function usageOf(session: JsonObject) {
  const members = snapshotMembers(session.usage as JsonObject);
  if (session.status !== "running") return members;
  return Object.fromEntries(
    Object.entries(members).filter(([name, value]) => !name.endsWith("_tokens") || value !== 0),
  );
}

/** Every configuration the changed sessions ran with, but those of which nothing was said any more. */
export function agentConfigs(works: readonly SessionWork[]): AgentConfig[] {
  const configs = new Map<string, AgentConfig>();
  for (const { object, facts } of works) {
    if (facts.config !== undefined) continue;
    const agent = isObject(object?.agent) ? object.agent : null;
    const agentId = textOf(agent?.id);
    if (!agent || agentId === null) continue;
    const configHash = configHashOf(agent);
    const version = agent.version == null ? "" : cleanText(String(agent.version));
    configs.set(`${agentId}\n${version}\n${configHash}`, {
      agentId,
      version,
      configHash,
      model: agentPricing(agent).model,
      object: agent,
    });
  }
  return [...configs.values()];
}
