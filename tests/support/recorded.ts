import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SoupItem } from "./event-soup";

/** The recorded sessions (tests/data/managed-agents/SOURCES.md). */
const FOLDER = join(import.meta.dirname, "../data/managed-agents");

export const HP_05 = "sesn_01PoLyXtMEvXLpqyH1BZxyGj";
export const HP_05_CHILD = "sthr_01LtcRnLENDyxP5RyrbVNP85";
export const DC_07 = "sesn_01TSJnECkJhCjwuChqTiN4LV";

export const RECORDED_FILES = [
  "hp-05-coordinator.primary.jsonl",
  `hp-05-coordinator.${HP_05_CHILD}.jsonl`,
  "dc-07.primary.jsonl",
  "sessions.json",
] as const;

export function recordedText(file: (typeof RECORDED_FILES)[number]): string {
  return readFileSync(join(FOLDER, file), "utf8");
}

function recordedEvents(file: (typeof RECORDED_FILES)[number]): Record<string, unknown>[] {
  return recordedText(file)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Everything recorded of one session, objects first. */
export function recordedItems(sessionId: typeof HP_05 | typeof DC_07): SoupItem[] {
  const objects = JSON.parse(recordedText("sessions.json")) as {
    sessions: Array<{ id: string }>;
    threads: Array<{ session_id: string }>;
  };
  const lists: Array<[string | null, (typeof RECORDED_FILES)[number]]> =
    sessionId === DC_07
      ? [[null, "dc-07.primary.jsonl"]]
      : [
          [null, "hp-05-coordinator.primary.jsonl"],
          [HP_05_CHILD, `hp-05-coordinator.${HP_05_CHILD}.jsonl`],
        ];
  return [
    ...objects.sessions
      .filter((session) => session.id === sessionId)
      .map((data): SoupItem => ({ kind: "session", threadId: null, data })),
    ...objects.threads
      .filter((thread) => thread.session_id === sessionId)
      .map((data): SoupItem => ({ kind: "thread", threadId: null, data })),
    ...lists.flatMap(([threadId, file]) =>
      recordedEvents(file).map((data): SoupItem => ({ kind: "event", threadId, data })),
    ),
  ];
}
