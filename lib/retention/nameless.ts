import { groupKey, groupOfKey } from "@/lib/metrics/error-group";

/** What is to be named nowhere any more. */
export type Names = {
  /** Sessions, with what each is called from now on where something is told apart by its name. */
  ids: ReadonlyMap<string, string>;
  /** What erased sessions said of themselves under one key. */
  value: { key: string; value: string; name: string } | null;
  /** Groups of errors that nobody else is counted under. */
  groups: ReadonlySet<string>;
};

/** In the middle of words. */
export const ERASED = "erased";
/** Shorter ones may be common words: of texts they are taken only where the text is known to be of them. */
const LONG = 8;

/** Members that name sessions. */
const OF_SESSIONS = ["session", "session_id", "session_ids", "sessions", "named", "target"];
/** Members that are written in words. All others keep what they are: a key, a name, one of a few fixed words. */
const WORDS = [
  ...(["summary", "description", "health", "reason", "text", "body", "error", "q", "url"] as const),
  ...(["runbook_url", "title", "note"] as const),
];

type Json = unknown;
type Fields = Record<string, Json>;
const isFields = (value: Json): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a text can be told from a word that anybody may use: it is not one that is made of letters alone. */
const isDistinct = (id: string) => id.length >= LONG && /[^\p{L}\s]/u.test(id);

/** JSON, parsed, without the names: never its keys, and only values of members that can hold one. */
export function withoutNames(value: Json, names: Names, under = ""): Json {
  return walk(value, names, { under, isAbout: false });
}

type Place = {
  /** The member that it is the value of. */
  under: string;
  /** Beside it stands whom it is of, by a label. */
  isAbout: boolean;
};

function walk(value: Json, names: Names, place: Place): Json {
  if (typeof value === "string") return renamed(value, names, place);
  if (Array.isArray(value)) return value.map((one) => walk(one, names, place));
  if (!isFields(value)) return value;
  const isAbout = place.isAbout || isLabelled(value.labels, names);
  const told = Object.entries(value).map(([name, one]) => {
    if (name === "value" && typeof one === "string" && typeof value.op === "string")
      return [name, matched(one, names, { name: String(value.name), op: value.op })];
    return [name, walk(one, names, { under: under(place.under, value, name), isAbout })];
  });
  return Object.fromEntries(told);
}

/** Where the value of a member is named by another, that one tells what it is of. */
function under(outer: string, fields: Fields, name: string): string {
  if (outer === "metadata") return `metadata.${name}`;
  if (name === "id" && (outer === "sessions" || outer === "named")) return "session";
  if (name !== "value") return name;
  if (typeof fields.key === "string") return `metadata.${fields.key}`;
  return typeof fields.scope === "string" ? fields.scope : name;
}

const isLabelled = (labels: Json, { ids, value }: Names): boolean =>
  isFields(labels) &&
  ((typeof labels.session === "string" && ids.has(labels.session)) ||
    (value !== null && labels[`metadata.${value.key}`] === value.value));

function renamed(text: string, names: Names, { under, isAbout }: Place): string {
  const { ids, value, groups } = names;
  if (OF_SESSIONS.includes(under)) return ids.get(text) ?? text;
  if (under.startsWith("metadata.") && ids.has(text)) return ids.get(text) ?? text;
  if (value && text === value.value && [`metadata.${value.key}`, "value"].includes(under))
    return value.name;
  if (under === "query") return queryWithout(text, names);
  if (under === "error_group" && groups.has(text)) return namelessGroup(text);
  return WORDS.some((name) => name === under) ? withoutWords(text, names, isAbout) : text;
}

/** A label's value. */
export const labelled = (name: string, text: string, names: Names): string =>
  renamed(text, names, { under: name, isAbout: false });

/** A pattern of values may name one among others. */
function matched(text: string, names: Names, { name, op }: { name: string; op: string }): string {
  const same = labelled(name, text, names);
  if (same !== text || !op.endsWith("~")) return same;
  const known: (readonly [string, string])[] = name === "session" ? [...names.ids] : [];
  const { value } = names;
  if (value && name === `metadata.${value.key}`) known.push([value.value, value.name]);
  return known.reduce((left, [was, is]) => replaced(left, was, is), text);
}

/** What groups are called by whose words are gone. */
export function namelessGroup(key: string): string {
  const group = groupOfKey(key);
  return group ? groupKey({ ...group, message: "" }) : key;
}

/** Words without the names, wherever they stand by themselves; `isAbout` also without short ones. */
export function withoutWords(text: string, { ids, value }: Names, isAbout = false): string {
  let left = text;
  for (const id of ids.keys()) if (isAbout || isDistinct(id)) left = replaced(left, id, ERASED);
  if (value && (isAbout || value.value.length >= LONG)) left = replaced(left, value.value, ERASED);
  return left;
}

/** Whether words that are not to be changed hold a name. */
export function isNamed(text: string, { ids, value }: Names): boolean {
  if ([...ids.keys()].some((id) => isDistinct(id) && replaced(text, id, "") !== text)) return true;
  return value !== null && value.value.length > 3 && replaced(text, value.value, "") !== text;
}

const inPattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** A name as it stands in words, in JSON, in an address and in a pattern. */
const formsOf = (name: string) => [
  ...new Set([name, inJson(name), encodeURIComponent(name.toWellFormed()), inPattern(name)]),
];

/**
 * What to look for in stored texts and JSON: whatever holds none of these names nothing that is gone. A short
 * name is looked for as a whole member, unless `isSmall` allows for looking at all that has it in its middle.
 */
export function needlesOf({ ids, value, groups }: Names, isSmall = false): string[] {
  const names = [...ids.keys(), ...(value ? [value.value] : [])];
  const found = names.flatMap((name) =>
    isSmall || name.length >= LONG ? [name, ...formsOf(name).map(inJson)] : [JSON.stringify(name)],
  );
  // There may be many groups, of few kinds.
  const kinds = [...groups].map((key) => inJson(key.slice(0, key.indexOf("\t") + 1)));
  return [...new Set([...found, ...kinds])];
}

function replaced(text: string, name: string, by: string): string {
  if (name === "") return text;
  const source = formsOf(name).map(inPattern).join("|");
  return text.replace(
    new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${source})(?![\\p{L}\\p{N}_-])`, "gu"),
    () => by,
  );
}

/** The key of a group of alerts: JSON of its route and labels, with whom it stands in for and when. */
export function keyWithout(key: string, names: Names): string {
  const [, head = "", list = "", tail = ""] =
    /^(fallback:[^[]*:)?(\[.*\])(\+\d+)?$/s.exec(key) ?? [];
  const parts: Json = list === "" ? null : JSON.parse(list);
  if (!Array.isArray(parts)) return key;
  const told = parts.map((part, at) =>
    at > 0 && at % 2 === 0 ? labelled(String(parts[at - 1]), String(part), names) : part,
  );
  return `${head}${JSON.stringify(told)}${tail}`;
}

/** The address of a list without what it asks for by a name. */
export function queryWithout(query: string, names: Names): string {
  const told = [...new URLSearchParams(query)].map(([name, text]) => [
    name,
    withoutWords(names.ids.get(text) ?? labelled(name, text, names), names),
  ]);
  const left = new URLSearchParams(told).toString();
  return left === new URLSearchParams(query).toString() ? query : left;
}

/** Whether an item that was refused, a line of JSON or what was to be one, tells of what is gone. */
export function isTold(body: string, names: Names): boolean {
  try {
    return holds(JSON.parse(body), names, "");
  } catch {
    return withoutWords(body, names) !== body;
  }
}

function holds(value: Json, names: Names, under: string): boolean {
  if (typeof value === "string") {
    const named = under === "value" ? value : labelled(under, value, names);
    return named !== value || withoutWords(value, names) !== value;
  }
  if (Array.isArray(value)) return value.some((one) => holds(one, names, under));
  if (!isFields(value)) return false;
  return Object.entries(value).some(([name, one]) =>
    holds(one, names, under === "metadata" ? `metadata.${name}` : name),
  );
}
