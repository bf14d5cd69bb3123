import { hash } from "node:crypto";
import { isFinal, isMark, maskOf, sizeMark } from "./marks";
import { follow, type Trail } from "./path";
import type { MaskingMode } from "./schema";
import { isSizesAlone, withSizes } from "./sizes";
import { isBlockType, placeOf, TOOL_USES } from "./structure";
import { WORK_LIMIT } from "./work";

type JsonObject = Record<string, unknown>;

/** One item on its way through. `hide`: the rule by which all content of it goes. */
export type Way = {
  mode: MaskingMode;
  /** Masks one text; `hit` is told of each rule that found something. */
  text: (text: string, hit: (rule: string) => void) => string;
  /** The item has cost what one may: what is left of it goes, members and all. */
  isSpent: () => boolean;
  trails: readonly Trail[];
  metadata: (key: string) => string | null;
  hide: { input: string | null; content: string | null };
  hit: (rule: string) => void;
};

type Here = { trails: readonly Trail[]; hide: string | null; isTool: boolean };

/** The payload of an event or an object, masked: a new one, with the sizes of what the fold measures. */
export function maskPayload(payload: JsonObject, kind: string, way: Way): JsonObject {
  const isTool = kind === "event" && TOOL_USES.has(String(payload.type));
  const masked = Object.entries(payload).map(([key, value]) => {
    const { trails, ends } = follow(way.trails, key);
    const hide = ends ?? (key === "input" || key === "content" ? way.hide[key] : null);
    return [key, structureOf(key, value, { trails, hide, isTool }, way)] as const;
  });
  return withSizes(Object.fromEntries(masked), payload);
}

function structureOf(key: string, value: unknown, here: Here, way: Way): unknown {
  if (key === "_masking" && isSizesAlone(value)) return value;
  switch (placeOf(key, value, here.isTool)) {
    case "fixed":
      return value;
    case "name":
      return here.hide ? hidden(here.hide, value, way) : textOf(value as string, way);
    case "metadata":
      return metadataOf(value as JsonObject, here, way);
    case "walked":
      return Array.isArray(value)
        ? value.map((member, at) => memberOf(key, member, at, here, way))
        : membersOf(value as JsonObject, { ...here, isTool: here.isTool || key === "tools" }, way);
    case "content":
      return contentOf(key, value, here, way);
  }
}

/** An item of a list of structure. */
function memberOf(key: string, value: unknown, at: number, here: Here, way: Way): unknown {
  const { trails, ends } = follow(here.trails, at);
  const isTool = here.isTool || key === "tools" || key === "configs";
  const inner = { trails, hide: ends ?? here.hide, isTool };
  if (isObject(value)) return membersOf(value, inner, way);
  if (value === null || typeof value !== "object") return structureOf(key, value, inner, way);
  return contentOf(key, value, inner, way);
}

function membersOf(value: JsonObject, here: Here, way: Way): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const { trails, ends } = follow(here.trails, key);
      return [key, structureOf(key, member, { ...here, trails, hide: ends ?? here.hide }, way)];
    }),
  );
}

/** What people file sessions by: kept in every mode, unless a rule names the key or finds something. */
function metadataOf(value: JsonObject, here: Here, way: Way): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const { trails, ends } = follow(here.trails, key);
      const rule = ends ?? here.hide ?? way.metadata(key);
      const masked = rule ? hidden(rule, member, way) : deepText(member, trails, way);
      return [textOf(key, way), masked];
    }),
  );
}

function contentOf(key: string, value: unknown, here: Here, way: Way): unknown {
  if (way.mode === "metadata") return dropped(key, value, way);
  if (here.hide === null) return deepText(value, here.trails, way);
  return key === "content" && Array.isArray(value)
    ? [{ type: "text", text: hidden(here.hide, value, way) }]
    : hidden(here.hide, value, way);
}

function hidden(rule: string, value: unknown, way: Way): unknown {
  const gone = goneFrom(value);
  if (gone !== undefined) return gone;
  way.hit(rule);
  return maskOf(rule);
}

/** What is left of a value that was hidden before, or holds nothing; undefined of one that can be hidden. */
export function goneFrom(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (isFinal(value)) return value;
  const [only, ...more] = Array.isArray(value) ? value : [];
  return more.length === 0 && isObject(only) && isFinal(only.text) ? only.text : undefined;
}

/** Content is not kept: its size is, and what kind of thing it was. */
function dropped(key: string, value: unknown, way: Way): unknown {
  if (value === null || isMark(value)) return value;
  if (key === "content" && Array.isArray(value)) {
    if (!value.every(isDropped)) way.hit("metadata_only");
    return value.map(droppedBlock);
  }
  way.hit("metadata_only");
  // A session without a title goes by its id.
  if (key === "title") return null;
  // Prompts are told from each other, and from none other can it be read what they were.
  const name =
    key === "system" ? `, ${hash("sha256", JSON.stringify(value), "hex").slice(0, 8)}` : "";
  return sizeMark(bytesOf(value), name);
}

const isDropped = (block: unknown) => isObject(block) && isMark(block.text);

function droppedBlock(block: unknown): unknown {
  if (isObject(block) && isMark(block.text)) return { type: "text", text: block.text };
  return { type: "text", text: sizeMark(bytesOf(block)) };
}

/** Every text of a value, names of members included. */
function deepText(value: unknown, trails: readonly Trail[], way: Way): unknown {
  if (typeof value === "string") return textOf(value, way);
  if (typeof value === "number") return numberOf(value, way);
  if (value === null || typeof value !== "object") return value;
  if (way.isSpent()) {
    const mark = hidden(WORK_LIMIT, value, way);
    return isObject(value) && isBlockType(value.type) ? { type: "text", text: mark } : mark;
  }
  const inner = (key: string | number, member: unknown) => {
    const { trails: next, ends } = follow(trails, key);
    return ends ? hidden(ends, member, way) : deepText(member, next, way);
  };
  if (Array.isArray(value)) return value.map((member, at) => inner(at, member));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      textOf(key, way),
      key === "type" && isBlockType(member) ? member : inner(key, member),
    ]),
  );
}

const SHORTEST_NUMBER = 1e8;

/** A card's number may come as a number. */
function numberOf(value: number, way: Way): unknown {
  if (!Number.isSafeInteger(value) || value < SHORTEST_NUMBER) return value;
  const text = String(value);
  const masked = textOf(text, way);
  return masked === text ? value : masked;
}

/** A value counts once for each rule, however often that finds something in it. */
function textOf(text: string, way: Way): string {
  const found = new Set<string>();
  const masked = way.text(text, (rule) => found.add(rule));
  for (const rule of found) way.hit(rule);
  return masked;
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? "");

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
