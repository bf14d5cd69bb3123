import type { Masker } from "@/lib/masking/masker";
import { CALL_OF_RESULT, TOOL_USES } from "@/lib/masking/structure";
import { released } from "@/lib/masking/withheld";
import { beatsEvent, eventKey } from "./batch";
import { canonicalJson } from "./canonical";
import type { Call } from "./masking";
import { normalizeItem } from "./normalize";
import type { EventRecord, WithheldVersion } from "./schema";
import { usedTool } from "./tool-name";

/** Where a result stands. */
type Place = Pick<EventRecord, "sessionId" | "threadId" | "id">;

/** A result whose tool is known now, as it is stored: its best version by what is left of each. */
export function settledResult(
  masker: Masker,
  key: Place & { index: number },
  { versions, tool }: { versions: readonly WithheldVersion[]; tool: string },
): EventRecord | null {
  let best: EventRecord | null = null;
  for (const version of versions) {
    const { payload, hits } = released(masker, version, tool);
    const { index, sessionId, threadId } = key;
    const item = { index, kind: "event" as const, sessionId, threadId, data: payload };
    const result = normalizeItem(item);
    if (result.kind !== "event") continue;
    const event = { ...result.event, masked: hits };
    if (!best || beatsEvent(event, best)) best = event;
  }
  return best;
}

/** The calls whose uses are among these events, with their tools. */
export const usesIn = (events: readonly EventRecord[]): (Call & { name: string })[] =>
  events
    .filter(({ type }) => TOOL_USES.has(type))
    .map(({ sessionId, id, payload }) => ({ sessionId, id, name: usedTool(payload) }));

export const callOfResult = ({ sessionId, type, payload }: EventRecord): Call => ({
  sessionId,
  id: String(payload[CALL_OF_RESULT[type] ?? ""]),
});

/** Versions that are not among the known, each once. */
export function newVersions(
  known: readonly WithheldVersion[],
  versions: readonly WithheldVersion[],
): WithheldVersion[] {
  const seen = new Set(known.map(({ open }) => canonicalJson(open)));
  return versions.filter(({ open }) => {
    const json = canonicalJson(open);
    return !seen.has(json) && seen.add(json);
  });
}

/** Results by where they stand, each with all its versions. */
export function byResult<Row extends Place>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(eventKey(row), [...(found.get(eventKey(row)) ?? []), row]);
  return found;
}

/** As it is kept sealed. */
export const writtenVersion = ({ open, inside }: WithheldVersion): string =>
  JSON.stringify({ open: canonicalJson(open), inside: [...inside] });

export function readVersion(text: string): WithheldVersion {
  const { open, inside } = JSON.parse(text);
  return { open: JSON.parse(open), inside: new Map(inside) };
}
