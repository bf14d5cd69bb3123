import { type Hits, type Masker, masked, maskedLine } from "./masker";
import type { MaskingTestAnswer } from "./schema";
import { type Work, workOfTrial } from "./work";

/** Deeper than ingest takes anything. */
const MOST_DEEP = 200;

/** A text, or an item as it is sent: what would be stored of it. An envelope of ingest is looked into. */
export function tested(masker: Masker, text: string): MaskingTestAnswer {
  const hits: Hits = new Map();
  const work: Work = workOfTrial();
  const value = jsonIn(text);
  if (value === null) {
    const output = maskedLine(masker, text, hits, work);
    return { read_as: "text", output, found: found(hits) };
  }
  const payload = payloadOf(value);
  const isEvent = typeof payload.type === "string" && payload.type.includes(".");
  const kind = isEvent ? "event" : "session";
  const result = masked(masker, { kind, payload }, hits, work);
  const read_as = isEvent ? "event" : payload.type === "session" ? "session" : "json";
  return { read_as, output: JSON.stringify(result, null, 2), found: found(hits) };
}

function payloadOf(value: Record<string, unknown>): Record<string, unknown> {
  for (const inner of [value.event, value.data]) if (isObject(inner)) return inner;
  return value;
}

function jsonIn(text: string): Record<string, unknown> | null {
  if (!text.trimStart().startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && depthOf(value) <= MOST_DEEP ? value : null;
  } catch {
    return null;
  }
}

/** Level by level, since there may be more of them than a stack holds. */
function depthOf(value: unknown): number {
  let level: unknown[] = [value];
  for (let depth = 0; ; depth++) {
    if (level.length === 0 || depth > MOST_DEEP) return depth;
    level = level.flatMap((member) =>
      typeof member === "object" && member !== null ? Object.values(member) : [],
    );
  }
}

const found = (hits: Hits) => [...hits].map(([rule, fields]) => ({ rule, fields }));

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
