import { ITEM_KINDS, type ItemKind, type JsonObject, type LooseKind, type RawItem } from "./schema";

/** What a person may add where a file does not say it. */
export type ImportHints = {
  session?: string;
  /** Thread id of the file's events; absent or '' for the session's own list. */
  thread?: string;
  /** Model of a session the file does not describe. */
  model?: string;
};

export type ImportLine = { line: number; message: string };

export type ParsedImport = {
  items: RawItem[];
  /** What could not be read, by line of the file; for a file that is one JSON value line 1. */
  rejected: ImportLine[];
  /** In words: what was found. */
  notes: string[];
  /** Set when events name no session and none was given: nothing was taken, ask for it. */
  needs: "session" | null;
};

const LOOSE = [
  ["agents", "agent"],
  ["environments", "environment"],
  ["deployments", "deployment"],
  ["deployment_runs", "deployment_run"],
  ["vaults", "vault"],
  ["memory_stores", "memory_store"],
] as const satisfies ReadonlyArray<readonly [string, LooseKind]>;
const OBJECTS = ["sessions", "threads", ...LOOSE.map(([list]) => list)] as const;
type Found = { [list in (typeof OBJECTS)[number]]: JsonObject[] } & { events: Loose[] };
type Loose = { sessionId: string | null; threadId: string | null; event: unknown };

/**
 * One file → raw items for ingest. Takes event lists as JSON (an array, or `{data: […]}` as the list
 * endpoint answers), JSONL with or without envelopes, and bundles of sessions, threads and events.
 * Pure, so that the browser and the command line read files alike.
 */
export function parseImportFile(name: string, text: string, hints: ImportHints): ParsedImport {
  const lists = Object.fromEntries(OBJECTS.map((list) => [list, []]));
  const found = { ...lists, events: [] } as unknown as Found;
  const rejected: ImportLine[] = [];
  const whole = parseJson(text.replace(/^\uFEFF/, ""));
  if (whole !== undefined) {
    if (!takeWhole(found, whole))
      rejected.push({
        line: 1,
        message: "neither events nor a session, thread, agent or environment was found",
      });
  } else {
    readLines(text, found, rejected);
  }
  const guessed = hints.session || onlySession(found) || sessionInName(name);
  const thread = hints.thread || threadInName(name, guessed);
  const homeless = found.events.some((entry) => entry.sessionId === null);
  if (homeless && !guessed) return { items: [], rejected, notes: notesOf(found), needs: "session" };
  const session = guessed ?? "";
  if (hints.model) describeSessions(found, session, hints.model);
  return { items: itemsOf(found, session, thread), rejected, notes: notesOf(found), needs: null };
}

function readLines(text: string, found: Found, rejected: ImportLine[]): void {
  text.split("\n").forEach((raw, index) => {
    const line = raw.replace(/^\uFEFF/, "").trim();
    if (line === "") return;
    const value = parseJson(line);
    if (value === undefined) rejected.push({ line: index + 1, message: "not JSON" });
    else if (!takeValue(found, value, null))
      rejected.push({
        line: index + 1,
        message: "not an event, session, thread, agent or environment",
      });
  });
}

/** A whole file. Beside members that are known the strangers go along: ingest refuses and keeps them. */
function takeWhole(found: Found, value: unknown): boolean {
  if (!Array.isArray(value)) return takeValue(found, value, null);
  const taken = value.map((member) => takeValue(found, member, null));
  if (value.length > 0 && !taken.includes(true)) return false;
  value.forEach((event, n) => {
    if (!taken[n]) found.events.push({ sessionId: null, threadId: null, event });
  });
  return true;
}

const LIST_OF_TYPE = new Map<unknown, (typeof OBJECTS)[number]>([
  ["session", "sessions"],
  ["session_thread", "threads"],
  ...LOOSE.map(([list, kind]) => [kind, list] as const),
]);

/** Sorts one JSON value into what it is; false when it is nothing we know. */
function takeValue(found: Found, value: unknown, sessionId: string | null): boolean {
  if (!isObject(value)) return false;
  if (ITEM_KINDS.includes(value.kind as ItemKind) && isObject(value.data))
    return takeEnvelope(found, value);
  if (isObject(value.event)) {
    return push(found.events, {
      sessionId: textOf(value.session_id) ?? sessionId,
      threadId: textOf(value.session_thread_id),
      event: value.event,
    });
  }
  const list = LIST_OF_TYPE.get(value.type);
  if (list) return push(found[list], value);
  if (typeof value.type === "string" && typeof value.id === "string")
    return push(found.events, { sessionId, threadId: null, event: value });
  if (takeBundle(found, value, sessionId)) return true;
  // An event that lacks its id: ingest says so, or names it where it may lack one.
  if (typeof value.type !== "string" || !value.type.includes(".")) return false;
  return push(found.events, { sessionId, threadId: null, event: value });
}

function takeEnvelope(found: Found, envelope: JsonObject): boolean {
  const data = envelope.data as JsonObject;
  const list = OBJECTS.find((name) => name === `${envelope.kind}s`);
  if (list) return push(found[list], data);
  return push(found.events, {
    sessionId: textOf(envelope.session_id),
    threadId: textOf(envelope.session_thread_id),
    event: data,
  });
}

/** An answer of a list endpoint, an ingest body, or a download: session, threads and events together. */
function takeBundle(found: Found, bundle: JsonObject, outer: string | null): boolean {
  const session = isObject(bundle.session) ? bundle.session : null;
  const sessionId = textOf(session?.id) ?? textOf(bundle.session_id) ?? outer;
  let any = session !== null && push(found.sessions, session);
  for (const key of ["data", ...OBJECTS, "events"]) {
    const list = bundle[key];
    if (!Array.isArray(list)) continue;
    any = true;
    for (const member of list) takeMember(found, key, member, sessionId);
  }
  return any;
}

function takeMember(found: Found, key: string, member: unknown, sessionId: string | null): void {
  const isThread = key === "threads" && isObject(member);
  // A thread of a download may carry its own event list.
  if (isThread && Array.isArray(member.events)) {
    const { events, ...thread } = member;
    found.threads.push({ session_id: sessionId, ...thread });
    for (const event of member.events)
      found.events.push({ sessionId, threadId: textOf(member.id), event });
    return;
  }
  const list = OBJECTS.find((name) => name === key);
  if (list && isObject(member)) found[list].push(member);
  else if (!takeValue(found, member, sessionId))
    found.events.push({ sessionId, threadId: null, event: member });
}

function itemsOf(found: Found, session: string, thread: string | null): RawItem[] {
  const items: RawItem[] = [];
  const add = (kind: ItemKind, sessionId: unknown, threadId: unknown, data: unknown) =>
    items.push({ index: items.length, kind, sessionId, threadId, data });
  for (const [list, kind] of LOOSE) for (const object of found[list]) add(kind, null, null, object);
  for (const object of found.sessions) add("session", object.id, null, object);
  for (const object of found.threads) add("thread", object.session_id, null, object);
  for (const { sessionId, threadId, event } of found.events) {
    const isLoose = sessionId === null;
    add("event", sessionId ?? session, threadId ?? (isLoose ? thread : null), event);
  }
  return items;
}

/** The one session a bundle describes, for events beside it that do not name theirs. */
function onlySession(found: Found): string | null {
  const ids = new Set(found.sessions.map((session) => textOf(session.id)));
  const only = [...ids][0];
  return ids.size === 1 && only ? only : null;
}

function sessionInName(name: string): string | null {
  return /sesn_[A-Za-z0-9]+/.exec(name)?.[0] ?? null;
}

/** Downloads of a child's list carry its thread's id in their name. */
function threadInName(name: string, session: string | null | undefined): string | null {
  return session ? (/sthr_[A-Za-z0-9]+/.exec(name)?.[0] ?? null) : null;
}

/** Gives the sessions that the file tells events of, but does not describe, the model named by hand. */
function describeSessions(found: Found, session: string, model: string): void {
  const described = new Set(found.sessions.map((object) => textOf(object.id)));
  const missing = new Set(found.events.map((entry) => entry.sessionId ?? session));
  for (const id of missing)
    if (!described.has(id))
      found.sessions.push({ id, type: "session", agent: { type: "agent", model: { id: model } } });
}

function notesOf(found: Found): string[] {
  const parts: Array<[number, string]> = [
    [found.sessions.length, "session"],
    [found.threads.length, "thread"],
    ...LOOSE.map(([list, kind]): [number, string] => [found[list].length, kind.replace("_", " ")]),
    [found.events.length, "event"],
  ];
  return parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}${n === 1 ? "" : "s"}`);
}

function push<T>(list: T[], value: T): true {
  list.push(value);
  return true;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
