import type { SessionWork } from "./arrival-service";
import { canonicalJson } from "./canonical";
import { type Contribution, type Told, toldOf } from "./contributions";
import { applyThread, type Folding } from "./fold";
import type { Records } from "./load-service";
import { openCallsOf } from "./outcome";
import type { Span } from "./schema";
import type { SessionSpans } from "./span-store";
import type { SessionWrite } from "./store";
import { summarize } from "./summary";
import type { ThreadRow } from "./thread-store";
import { newThreadRecord, threadColumns, threadPricing } from "./threads";

/** What folding a batch has to leave in the database. */
export type Folded = {
  spans: SessionSpans[];
  goneSpans: Array<{ sessionId: string; ids: string[] }>;
  threads: ThreadRow[];
  goneThreads: Array<{ sessionId: string; ids: string[] }>;
  sessions: SessionWrite[];
  /** Sessions whose spans are all made anew. */
  refolded: Array<{ sessionId: string; day: string }>;
  contributions: Contribution[];
};

/** Puts spans and threads of a folded session on the list of what is to be written, and tells the rest. */
export function collect(
  { folded }: { folded: Folded },
  work: SessionWork,
  folding: Folding,
  records: Records,
): { told: Told; changes: Changes; session: Unrolled } {
  const { sessionId } = work;
  for (const [threadId, thread] of folding.threads) {
    const record = records.get(threadId) ?? newThreadRecord(sessionId, threadId);
    record.fold.thread = thread;
    records.set(threadId, record);
  }
  for (const record of records.values()) {
    applyThread(work.fold, record.fold.thread, threadPricing(record), 1);
    folded.threads.push({ ...record, columns: threadColumns(record) });
  }
  const changes = changesOf(folding);
  folded.spans.push({ sessionId, spans: changes.changed });
  folded.goneSpans.push({ sessionId, ids: changes.gone });
  const { fold, facts, object, source, book } = work;
  const wait = fold.life.wait ? folding.spans.get(fold.life.wait.id) : undefined;
  const openCalls = openCallsOf(wait, folding.spans);
  const columns = summarize({ fold, facts, object, source, book, openCalls });
  const session = { sessionId, object, fold: { session: fold, facts }, columns };
  const told = toldOf(work, columns, records.values());
  return { told, changes, session };
}

export type Unrolled = Omit<SessionWrite, "rolled">;

export function finish(
  { folded }: { folded: Folded },
  session: Unrolled,
  contribution: Contribution,
): void {
  folded.sessions.push({ ...session, rolled: contribution.rolled });
  folded.contributions.push(contribution);
}

export type Changes = { changed: Span[]; gone: string[] };

function changesOf(folding: Folding): Changes {
  const changed = [...folding.spans.values()].filter((span) => {
    const before = folding.stored.get(span.id);
    return !before || canonicalJson(before) !== canonicalJson(span);
  });
  return { changed, gone: [...folding.stored.keys()].filter((id) => !folding.spans.has(id)) };
}
