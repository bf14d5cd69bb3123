import { hash } from "node:crypto";
import { Outcome } from "@/lib/sessions/schema";
import { EARLIEST_US, LATEST_US, microsFromIso } from "@/lib/time/micros";
import { canonicalJson, cleanText, MAX_DEPTH } from "./canonical";
import { STREAM_ONLY_TYPES, typeRank } from "./event-types";
import { lineOf } from "./line";
import { type Masking, maskedPayload, maskedRejection } from "./masking";
import type { EventRecord, JsonObject, ObjectRecord, RawItem, Rejection } from "./schema";

/** More tokens, seconds or searches than any request, session or fleet can hold; beyond it a count is a mistake. */
export const MAX_TOKENS = 1_000_000_000_000;

const MOST_ID_CHARS = 256;

export type Normalized =
  | { kind: "event"; event: EventRecord }
  | { kind: "object"; object: ObjectRecord }
  | { kind: "rejected"; rejection: Rejection };

/** One raw item → our record, masked, or the reason why not. Pure. */
export function normalizeItem(raw: RawItem, masking: Masking | null = null): Normalized {
  const isSecretive = raw.kind === "vault" || raw.kind === "memory_store";
  const item = isSecretive && isObject(raw.data) ? { ...raw, data: bareOf(raw.data) } : raw;
  const fault = item.kind === "event" ? null : faultOfObject(item);
  const normalize = item.kind === "event" ? normalizeEvent : normalizeObject;
  const result = fault ?? normalize(item, masking);
  if (typeof result !== "string") return result;
  const rejection = rejectionOf(item, result, lineOf(item));
  return {
    kind: "rejected",
    rejection: masking ? maskedRejection(masking, rejection, item) : rejection,
  };
}

const BARE = ["id", "type", "display_name", "name", "created_at", "updated_at", "archived_at"];

/** Of a vault or a memory store nothing else is looked at, and nothing else is kept when it is refused. */
function bareOf(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([name]) => BARE.includes(name)));
}

/** What the database takes as it is. `line`: the item as it came, as a line of NDJSON. */
export function rejectionOf(item: RawItem, message: string, line: string): Rejection {
  return {
    index: item.index,
    kind: item.kind,
    code: "invalid",
    message: cleanText(message),
    sessionId: keptId(item.sessionId),
    threadId: keptId(item.threadId),
    line: cleanText(line),
  };
}

/** Longer texts are no ids, and no index takes them; the line has them. */
function keptId(value: unknown): string | null {
  return typeof value === "string" && value.length <= MOST_ID_CHARS ? cleanText(value) : null;
}

function normalizeEvent(item: RawItem, masking: Masking | null): Normalized | string {
  const sessionId = idFault("session_id", item.sessionId);
  if (sessionId) return sessionId;
  // The primary thread may be named by null, by nothing, or by the empty text it is stored under.
  if (item.threadId != null && item.threadId !== "") {
    const thread = idFault("session_thread_id", item.threadId);
    if (thread) return thread;
  }
  if (!isObject(item.data)) return "event: expected an object";
  const came = item.data;
  const type = idFault("event.type", came.type);
  if (type) return type;
  const typeName = came.type as string;
  if (STREAM_ONLY_TYPES.includes(typeName))
    return `event.type: ${typeName} is a preview sent on streams only and is never stored`;
  const at = timeOf(came.processed_at, "event.processed_at");
  if (typeof at === "string") return at;
  const tokens = tokenFault(came);
  if (tokens) return tokens;
  const whole = canonicalJson(came);
  if (whole === null) return `event: nested deeper than ${MAX_DEPTH} levels`;
  // Old interrupts came with an empty id; they are named by their content, as it came: the same whatever
  // masking is set to. Anything else needs its id.
  const isNameless = came.type === "user.interrupt" && (came.id === "" || came.id == null);
  const idFaulty = isNameless ? null : idFault("event.id", came.id);
  if (idFaulty) return idFaulty;
  const id = isNameless ? `interrupt_${hashOf(whole)}` : (came.id as string);
  const { payload, json, hits, withheld } = maskedPayload(masking, item, {
    ...{ payload: came, json: whole },
  });
  const hash = hashOf(json);
  return {
    kind: "event",
    event: {
      index: item.index,
      sessionId: item.sessionId as string,
      threadId: (item.threadId as string | null | undefined) ?? "",
      id,
      type: typeName,
      atUs: at,
      rank: typeRank(typeName),
      ...{ payload, json, hash: withheld ? lowest(hash) : hash, masked: hits },
      ...(withheld ? { withheld: [{ open: withheld.open, inside: withheld.inside }] } : {}),
    },
  };
}

function faultOfObject(item: RawItem): string | null {
  if (!isObject(item.data)) return `${item.kind}: expected an object`;
  const id = idFault(`${item.kind}.id`, item.data.id);
  if (id) return id;
  for (const key of ["created_at", "archived_at"]) {
    const at = timeOf(item.data[key], `${item.kind}.${key}`);
    if (typeof at === "string") return at;
  }
  if (item.kind === "thread") return idFault("thread.session_id", item.data.session_id);
  if (item.kind === "deployment_run")
    return idFault("deployment_run.deployment_id", item.data.deployment_id);
  return item.kind === "session" ? sessionFault(item.data) : null;
}

function sessionFault(session: JsonObject): string | null {
  if (session.agent != null && !isObject(session.agent)) return "session.agent: expected an object";
  if (session.metadata != null && !isObject(session.metadata))
    return "session.metadata: expected an object of texts";
  if (session.outcome != null && !Outcome.safeParse(session.outcome).success)
    return `session.outcome: expected one of ${Outcome.options.join(", ")}`;
  return null;
}

function normalizeObject(item: RawItem, masking: Masking | null): Normalized | string {
  const came = item.data as JsonObject;
  const updated = timeOf(came.updated_at ?? came.created_at, `${item.kind}.updated_at`);
  if (typeof updated === "string") return updated;
  const usage = isObject(came.usage) ? usageFault(came.usage, `${item.kind}.usage`) : null;
  if (usage) return usage;
  const whole = canonicalJson(came);
  if (whole === null) return `${item.kind}: nested deeper than ${MAX_DEPTH} levels`;
  const id = came.id as string;
  const ofSession = item.kind === "thread" ? (came.session_id as string) : id;
  const { payload, json, hits } = maskedPayload(masking, item, { payload: came, json: whole });
  return {
    kind: "object",
    object: {
      index: item.index,
      kind: item.kind as ObjectRecord["kind"],
      id,
      sessionId: item.kind === "session" || item.kind === "thread" ? ofSession : "",
      atUs: updated ?? EARLIEST_US,
      ...{ payload, json, hash: hashOf(json), masked: hits },
    },
  };
}

/** 128 bits of SHA-1 as a UUID: a name for content, not a signature. */
export function hashOf(text: string): string {
  const hex = hash("sha1", text, "hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

const LOWEST = "00000000-0000-";

/** The name of a payload that any other of its time takes the place of. */
export const lowest = (hash: string) => `${LOWEST}${hash.slice(LOWEST.length)}`;
/** The name of what was masked once more: nothing of its time takes its place, and it tells nothing of what it was. */
export const HIGHEST = "ffffffff-ffff-ffff-ffff-ffffffffffff";
export const isLowest = (hash: string) => hash.startsWith(LOWEST);

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function idFault(path: string, value: unknown): string | null {
  if (typeof value !== "string" || value === "" || value.length > MOST_ID_CHARS)
    return `${path}: expected a text of 1 to ${MOST_ID_CHARS} characters`;
  if (hasControl(value) || !value.isWellFormed())
    return `${path}: holds a control character or half of a surrogate pair`;
  return null;
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 32) return true;
  return false;
}

function timeOf(value: unknown, path: string): number | null | string {
  if (value == null) return null;
  if (typeof value !== "string") return `${path}: expected an RFC 3339 time or null`;
  const us = microsFromIso(value);
  if (us === null) return `${path}: "${value.slice(0, 40)}" is not an RFC 3339 time`;
  if (us < EARLIEST_US || us >= LATEST_US)
    return `${path}: ${value.slice(0, 40)} is outside the years 2000 to 2199`;
  return us;
}

function tokenFault(event: JsonObject): string | null {
  if (event.type === "span.model_request_end" && isObject(event.model_usage))
    return usageFault(event.model_usage, "event.model_usage");
  if (event.type === "span.outcome_evaluation_end" || event.type === "session.usage")
    return isObject(event.usage) ? usageFault(event.usage, "event.usage") : null;
  return null;
}

const REQUEST_TOKENS = [
  "input_tokens",
  "output_tokens",
  "cache_read_input_tokens",
  "cache_creation_input_tokens",
];
const WRITE_TOKENS = ["ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"];

function usageFault(usage: JsonObject, path: string): string | null {
  const split = isObject(usage.cache_creation) ? usage.cache_creation : {};
  const members = [
    ...REQUEST_TOKENS.map((key) => [key, usage[key]]),
    ...WRITE_TOKENS.map((key) => [`cache_creation.${key}`, split[key]]),
  ];
  const faulty = members.find(([, value]) => value != null && !isTokenCount(value));
  return faulty ? `${path}.${faulty[0]}: expected a whole number from 0 to 10^12` : null;
}

function isTokenCount(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_TOKENS;
}
