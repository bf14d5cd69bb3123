import { beatsObject } from "./batch";
import { canonicalJson } from "./canonical";
import type { ThreadPricing } from "./fold";
import { isObject } from "./normalize";
import type { JsonObject, ObjectRecord } from "./schema";
import { textOf } from "./spans";
import { newThreadFold } from "./state";
import type { StoredThread } from "./store";
import { agentPricing } from "./summary";

export function newThreadRecord(sessionId: string, threadId: string): StoredThread {
  return {
    sessionId,
    threadId,
    object: null,
    fold: { thread: newThreadFold(), objectUs: null, objectHash: "" },
  };
}

/** Takes a thread object in when it is newer than the one that stands. */
export function takeThreadObject(
  record: StoredThread,
  object: ObjectRecord,
): "new" | "newer" | "same" {
  const { fold } = record;
  const isFirst = fold.objectUs === null;
  const standing = { atUs: fold.objectUs ?? Number.NEGATIVE_INFINITY, hash: fold.objectHash };
  if (!isFirst && !beatsObject(object, standing)) return "same";
  fold.objectUs = object.atUs;
  fold.objectHash = object.hash;
  record.object = object.payload;
  return isFirst ? "new" : "newer";
}

/** What a thread's own object says of its prices; nulls where the session's hold. */
export function threadPricing(record: StoredThread): ThreadPricing {
  return agentPricing(isObject(record.object?.agent) ? record.object.agent : null);
}

export const isUsed = (record: StoredThread | undefined) =>
  record !== undefined &&
  (record.fold.thread.requests > 0 || Object.keys(record.fold.thread.usage).length > 0);

/** How threads are priced that have made requests: anything else would be a change of the past. */
export function pricesOf(
  used: readonly string[],
  records: ReadonlyMap<string, StoredThread>,
  session?: ThreadPricing,
): string {
  const prices = used.map((threadId) => {
    const record = records.get(threadId);
    const own = record && threadPricing(record);
    return own && own.model !== null ? own : session;
  });
  return canonicalJson(prices) ?? "";
}

/** The thread's columns, from its object. */
export function threadColumns(record: StoredThread): JsonObject {
  const { object } = record;
  const agent = isObject(object?.agent) ? object.agent : null;
  const version = agent?.version;
  const isAdvisor = agent?.type === "advisor";
  return {
    parent_thread_id: textOf(object?.parent_thread_id),
    agent_id: textOf(agent?.id),
    agent_name: textOf(agent?.name) ?? (isAdvisor ? "anthropic.advisor" : null),
    agent_version: typeof version === "number" ? String(version) : textOf(version),
    model: threadPricing(record).model,
    workflow_run_id: textOf(object?.workflow_run_id),
    status: textOf(object?.status),
    created_at: textOf(object?.created_at),
    archived_at: textOf(object?.archived_at),
  };
}
