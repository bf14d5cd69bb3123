import type { SessionWork } from "./arrival-service";
import type { SessionWrite } from "./store";

/** Sessions whose title is not the one that is in the search index. */
export function titlesOf(
  works: readonly SessionWork[],
  sessions: readonly SessionWrite[],
): Map<string, string | null> {
  const stored = new Map(works.map((work) => [work.sessionId, work.storedTitle]));
  const titles = new Map<string, string | null>();
  for (const { sessionId, columns } of sessions) {
    const title = typeof columns.title === "string" ? columns.title : null;
    if (title !== (stored.get(sessionId) ?? null)) titles.set(sessionId, title);
  }
  return titles;
}
