import { AppError } from "@/lib/http/errors";
import { Source } from "@/lib/sessions/schema";
import { isObject, rejectionOf } from "./normalize";
import { ITEM_KINDS, type ItemKind, MAX_ITEMS, type RawItem, type Rejection } from "./schema";

export type ParsedBody = { source: Source; items: RawItem[]; rejected: Rejection[] };

const LISTS: ReadonlyArray<[string, ItemKind]> = [
  ["agents", "agent"],
  ["environments", "environment"],
  ["deployments", "deployment"],
  ["deployment_runs", "deployment_run"],
  ["vaults", "vault"],
  ["memory_stores", "memory_store"],
  ["sessions", "session"],
  ["threads", "thread"],
];

/** The body of an ingest request, by its content type. */
export function parseBody(text: string, contentType: string | null, source?: Source): ParsedBody {
  const type = (contentType ?? "application/json").split(";")[0]?.trim().toLowerCase();
  if (
    type === "application/x-ndjson" ||
    type === "application/ndjson" ||
    type === "application/jsonl"
  )
    return parseNdjsonBody(text, source ?? "push");
  if (type === "application/json" || type === "") return parseJsonBody(text, source);
  throw new AppError(
    "invalid",
    `content-type: send application/json or application/x-ndjson, not ${type?.slice(0, 60)}.`,
  );
}

/**
 * The documented JSON body → raw items, numbered in the order agents, environments, deployments,
 * runs, vaults, memory stores, sessions, threads, events. Throws `invalid` when the body as a whole is not what was documented.
 */
function parseJsonBody(text: string, source?: Source): ParsedBody {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new AppError("invalid", `The body is not JSON: ${jsonFault(error)}`);
  }
  if (!isObject(body)) throw new AppError("invalid", "The body must be a JSON object.");
  const stated = body.source == null ? (source ?? "push") : sourceOf(body.source);
  const items: RawItem[] = [];
  for (const [name, kind] of LISTS)
    for (const data of listOf(body, name))
      items.push({
        index: items.length,
        kind,
        sessionId: ownSession(kind, data),
        threadId: null,
        data,
      });
  for (const entry of listOf(body, "events")) items.push(eventItem(items.length, entry));
  return { source: stated, items: withinLimit(items), rejected: [] };
}

/** One item a line. A line that cannot be read is rejected alone; blank lines are passed over. */
function parseNdjsonBody(text: string, source: Source): ParsedBody {
  const items: RawItem[] = [];
  const rejected: Rejection[] = [];
  let index = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const read = readLine(line, index);
    if ("rejection" in read) rejected.push(read.rejection);
    else items.push(read.item);
    index++;
    if (index > MAX_ITEMS) break;
  }
  withinLimit({ length: index });
  return { source, items, rejected };
}

function sourceOf(value: unknown): Source {
  const parsed = Source.safeParse(value);
  if (!parsed.success)
    throw new AppError("invalid", `source: expected one of ${Source.options.join(", ")}.`);
  return parsed.data;
}

/** One line of NDJSON → a raw item, or the reason why it is none. */
export function readLine(
  line: string,
  index: number,
): { item: RawItem } | { rejection: Rejection } {
  const unknown: RawItem = { index, kind: "event", sessionId: null, threadId: null, data: line };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { rejection: rejectionOf(unknown, `not JSON: ${jsonFault(error)}`, line) };
  }
  if (!isObject(value) || !ITEM_KINDS.includes(value.kind as ItemKind))
    return {
      rejection: rejectionOf(unknown, `kind: expected one of ${ITEM_KINDS.join(", ")}`, line),
    };
  const kind = value.kind as ItemKind;
  const sessionId = kind === "event" ? value.session_id : ownSession(kind, value.data);
  return { item: { index, kind, sessionId, threadId: value.session_thread_id, data: value.data } };
}

/** What the parser says, without what it quotes: that may be a part of a secret. */
const jsonFault = (error: unknown) => (error as Error).message.replace(/, "[\s\S]*$/, "");

function eventItem(index: number, entry: unknown): RawItem {
  if (!isObject(entry))
    return { index, kind: "event", sessionId: null, threadId: null, data: entry };
  return {
    index,
    kind: "event",
    sessionId: entry.session_id,
    threadId: entry.session_thread_id,
    data: entry.event,
  };
}

function ownSession(kind: ItemKind, data: unknown): unknown {
  if (!isObject(data)) return null;
  return kind === "session" ? data.id : kind === "thread" ? data.session_id : null;
}

function listOf(body: Record<string, unknown>, name: string): unknown[] {
  const list = body[name];
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw new AppError("invalid", `${name}: expected a list.`);
  return list;
}

function withinLimit<T extends { length: number }>(items: T): T {
  if (items.length > MAX_ITEMS)
    throw new AppError("too_large", `At most ${MAX_ITEMS} items a request; split the batch.`);
  return items;
}
