import {
  type Hits,
  type Masker,
  masked,
  maskedLine,
  maskedText,
  withoutQuotes,
} from "@/lib/masking/masker";
import { CALL_OF_RESULT, TOOL_USES } from "@/lib/masking/structure";
import { type Withheld, withhold } from "@/lib/masking/withheld";
import { canonicalJson } from "./canonical";
import { lineOf } from "./line";
import type { JsonObject, RawItem, Rejection } from "./schema";
import { usedTool } from "./tool-name";

/** What is done to each item of a batch before anything else sees it. */
export type Masking = {
  masker: Masker;
  /** Of a result, its call's tool: null where it is not known, undefined of what is no result. */
  toolOf: (item: RawItem) => string | null | undefined;
};

export type MaskedPayload = {
  payload: JsonObject;
  json: string;
  hits: Hits | null;
  /** Of a result that waits for its call. */
  withheld: Withheld | null;
};

/** A payload that can be stored as it is. `json` is its own. */
export function maskedPayload(
  masking: Masking | null,
  item: RawItem,
  { payload, json }: { payload: JsonObject; json: string },
): MaskedPayload {
  const asItCame = { payload, json, hits: null, withheld: null };
  if (masking === null) return asItCame;
  const { masker } = masking;
  const { kind } = item;
  const tool = masking.toolOf(item);
  const mayWait = tool === null && masker.mode === "masked" && masker.hasOutputRules;
  const withheld = mayWait && callOf(item) !== null ? withhold(masker, payload) : null;
  if (withheld)
    return {
      ...{ payload: withheld.payload, json: canonicalJson(withheld.payload) ?? "" },
      ...{ hits: withheld.hits, withheld },
    };
  const hits: Hits = new Map();
  const result = masked(masker, { kind, payload, json, tool }, hits);
  if (result === payload) return asItCame;
  return { payload: result, json: canonicalJson(result) ?? "", hits, withheld: null };
}

/** What is kept of an item that was refused, and what its sender is told. */
export function maskedRejection(
  { masker, toolOf }: Masking,
  rejection: Rejection,
  item: RawItem | null,
): Rejection {
  if (masker.mode === "full") return rejection;
  const hits: Hits = new Map();
  const data = item && dataOf(item);
  const line = data
    ? lineOf({
        ...item,
        ...{ sessionId: rejection.sessionId, threadId: rejection.threadId },
        data: masked(masker, { kind: item.kind, payload: data, tool: toolOf(item) }, hits),
      })
    : rejection.line;
  const isStructure = data !== null && masker.mode === "metadata";
  // Of what is no item its ids are none either.
  const kept = (isStructure ? maskedText : maskedLine)(masker, line, hits);
  if (hits.size === 0) return rejection;
  return { ...rejection, line: kept, message: withoutQuotes(rejection.message), masked: hits };
}

/** Null of what nests too deep to be walked. */
function dataOf({ data }: RawItem): JsonObject | null {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return null;
  return canonicalJson(data) === null ? null : (data as JsonObject);
}

export type Call = { sessionId: string; id: string };

const callKey = ({ sessionId, id }: Call) => `${sessionId}\n${id}`;

/** The calls that a batch's results belong to, and the names of those whose use it brings along. */
export function callsOf(items: readonly RawItem[]): { calls: Call[]; known: Map<string, string> } {
  const known = new Map<string, string>();
  const calls: Call[] = [];
  for (const item of items) {
    const call = callOf(item);
    if (call) calls.push(call);
    const { data, sessionId } = item;
    if (!isObject(data) || !TOOL_USES.has(String(data.type)) || typeof data.id !== "string")
      continue;
    if (typeof sessionId === "string")
      known.set(callKey({ sessionId, id: data.id }), usedTool(data));
  }
  return { calls: calls.filter((call) => !known.has(callKey(call))), known };
}

export function toolNames(known: ReadonlyMap<string, string>): Masking["toolOf"] {
  return (item) => {
    if (!isResult(item)) return undefined;
    const call = callOf(item);
    return (call && known.get(callKey(call))) ?? null;
  };
}

export const nameCall = (known: Map<string, string>, call: Call, name: string) =>
  void known.set(callKey(call), name);

const isResult = ({ kind, data }: RawItem) =>
  kind === "event" && isObject(data) && String(data.type) in CALL_OF_RESULT;

function callOf(item: RawItem): Call | null {
  const { data, sessionId } = item;
  if (!isResult(item) || !isObject(data) || typeof sessionId !== "string") return null;
  const id = data[CALL_OF_RESULT[String(data.type)] ?? ""];
  return typeof id === "string" ? { sessionId, id } : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
