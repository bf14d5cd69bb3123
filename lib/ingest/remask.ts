import { add, type Hits, type Masker, masked, maskedText } from "@/lib/masking/masker";
import { errorIn, sizesOf } from "@/lib/masking/sizes";
import { CALL_OF_RESULT, TOOL_USES } from "@/lib/masking/structure";
import { withhold } from "@/lib/masking/withheld";
import { addCells, settledCells } from "@/lib/metrics/cells";
import { groupKey, groupOfKey } from "@/lib/metrics/error-group";
import { type Cell, DIMENSIONS } from "@/lib/metrics/schema";
import type { Base } from "./base";
import { canonicalJson } from "./canonical";
import type { Contribution } from "./contributions";
import { HIGHEST, isLowest, lowest } from "./normalize";
import type { EventRecord, JsonObject } from "./schema";
import { textMap } from "./snapshots";
import type { SessionFacts } from "./state";
import type { StoredThread } from "./store";
import { usedTool } from "./tool-name";
import { callOfResult } from "./withheld";

/** The tools of a session's calls, by their ids, and the results of calls that are not among its events. */
export function toolsOf(events: readonly EventRecord[]) {
  const uses = events.filter(({ type }) => TOOL_USES.has(type));
  const tools = new Map(uses.map(({ id, payload }) => [id, usedTool(payload)]));
  const results = events.filter(({ type }) => type in CALL_OF_RESULT);
  return { tools, unnamed: results.filter((event) => !tools.has(callOfResult(event).id)) };
}

/** A stored event as the rules that hold leave it; null where they change nothing. What went stays gone. */
export function remaskedEvent(
  masker: Masker,
  event: EventRecord,
  { tools, hits }: { tools: ReadonlyMap<string, string>; hits: Hits },
): EventRecord | null {
  const member = CALL_OF_RESULT[event.type];
  const callId = member === undefined ? undefined : event.payload[member];
  const tool = member === undefined ? undefined : (tools.get(String(callId)) ?? null);
  // What is withheld already is masked when its call is here.
  if (tool === null && isLowest(event.hash)) return changed(masker, event, undefined, hits);
  const hasCall = tool === null && typeof callId === "string";
  const mayWait = hasCall && masker.mode === "masked" && masker.hasOutputRules;
  const withheld = mayWait ? withhold(masker, event.payload) : null;
  if (!withheld) return changed(masker, event, tool, hits);
  for (const [rule, count] of [...withheld.hits, ...withheld.inside]) add(hits, rule, count);
  const json = canonicalJson(withheld.payload) ?? "";
  return { ...event, payload: withheld.payload, json, hash: lowest(HIGHEST), withheld: [withheld] };
}

function changed(
  masker: Masker,
  event: EventRecord,
  tool: string | null | undefined,
  hits: Hits,
): EventRecord | null {
  const { error, payload } = withoutError(event.payload);
  const found: Hits = new Map();
  const result = masked(masker, { kind: "event", payload, tool }, found);
  const left = error && keptError(masker, error, found);
  if (result === payload && left === error) return null;
  for (const [rule, count] of found) add(hits, rule, count);
  const bytes = { ...sizesOf(result._masking) };
  const whole = left === null ? result : { ...result, _masking: { bytes, error: left } };
  const hash = isLowest(event.hash) ? event.hash : HIGHEST;
  return { ...event, payload: whole, json: canonicalJson(whole) ?? "", hash };
}

/** The name of an error's group, which is left where retention has dropped what it said. */
function withoutError(payload: JsonObject): { error: string | null; payload: JsonObject } {
  const error = errorIn(payload);
  if (error === null) return { error, payload };
  return { error, payload: { ...payload, _masking: { bytes: sizesOf(payload._masking) ?? {} } } };
}

/** It was made of a message: where none are kept it says nothing. */
const keptError = (masker: Masker, error: string, hits: Hits): string =>
  masker.mode === "metadata" ? "" : maskedText(masker, error, hits);

export function remaskedObject(
  masker: Masker,
  kind: string,
  object: JsonObject | null,
  hits: Hits,
): JsonObject | null {
  if (object === null) return null;
  const result = masked(masker, { kind, payload: object }, hits);
  return result === object ? null : result;
}

/** What a session goes on from says nothing any more but its metadata. */
export function remaskedBase(masker: Masker, base: Base | null, hits: Hits): Base | null {
  const changes = base?.fold.changes;
  if (!base || !changes?.metadata) return null;
  const object = remaskedObject(masker, "session", { metadata: changes.metadata.value }, hits);
  if (object === null) return null;
  const metadata = { ...changes.metadata, value: textMap(object.metadata) };
  return { ...base, fold: { ...base.fold, changes: { ...changes, metadata } } };
}

/** No version of its time takes the place of an object that was masked once more, nor do its snapshots count anew. */
export function settledFacts(facts: SessionFacts): SessionFacts {
  const usage = Object.entries(facts.usage).map(([name, dated]) => [
    name,
    dated && dated.tie === facts.objectHash ? { ...dated, tie: HIGHEST } : dated,
  ]);
  return { ...facts, objectHash: HIGHEST, usage: Object.fromEntries(usage) };
}

export const settledThread = (thread: StoredThread, object: JsonObject): StoredThread => ({
  ...thread,
  object,
  fold: { ...thread.fold, objectHash: HIGHEST },
});

/** Whether all figures stay: only what errors are called may be another, and values of metadata. */
export function hasSameFigures(
  before: readonly Cell[],
  { before: was, rolled, cells }: Contribution,
) {
  const isSamePlace = DIMENSIONS.every((name) => was?.dimensions[name] === rolled.dimensions[name]);
  return isSamePlace && canonicalJson(nameless(before)) === canonicalJson(nameless(cells));
}

function nameless(cells: readonly Cell[]): Cell[] {
  const sums = new Map<string, Cell>();
  addCells(
    sums,
    cells.map((cell) => {
      const group = cell.family === "fault" ? groupOfKey(cell.key) : null;
      return group ? { ...cell, key: groupKey({ ...group, message: "" }) } : cell;
    }),
    1,
  );
  return settledCells(sums.values()).map((cell) => ({
    ...cell,
    observations: [...cell.observations].sort((a, b) => a - b),
  }));
}
