import { PATIENT, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { readLine } from "@/lib/ingest/body";
import { maskedRejection } from "@/lib/ingest/masking";
import { readMasking } from "@/lib/ingest/masking-service";
import { normalizeItem } from "@/lib/ingest/normalize";
import type { IngestAnswer, RawItem, Rejection } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import { Source } from "@/lib/sessions/schema";
import type {
  DeleteManyAnswer,
  DeleteManyQuery,
  Retry,
  RetryAnswer,
  RetryManyAnswer,
  RetryManyQuery,
} from "./schema";
import {
  deleteMatching,
  deleteRejected,
  deleteUnheld,
  listWaiting,
  readRejected,
  readWaiting,
  saveRefusal,
  type Waiting,
} from "./store";

/** Of bodies in one part of a bulk try: as much as an import sends at once. */
const BYTES_AT_ONCE = 8 * 1024 * 1024;

/**
 * Gives an item to ingest once more, changed if `retry` says so. Taken, it leaves; refused again, it
 * stays with its new reason and what it was tried with. Stopped between the two it would be taken
 * twice, which changes nothing. Throws `not_found`, and `conflict` for one that was cut.
 */
export async function retryItem(
  workspace: string,
  id: string,
  retry: Retry,
  now: Date,
): Promise<RetryAnswer> {
  const waiting = await readWaiting(workspace, id);
  const body = retry?.body ?? waiting.body;
  if (body === null)
    throw new AppError(
      "conflict",
      "Only the beginning of this item was kept: its sender has to send it again, or give the whole of it as `body`.",
    );
  const read = readAgain(body, 0);
  if ("rejection" in read) {
    const rejection = await kept(workspace, waiting, read);
    const body = retry?.body === undefined ? undefined : rejection.line;
    await saveRefusal(prisma, workspace, id, { rejection, now, body });
    const item = await readRejected(workspace, id);
    return { taken: false, outcome: null, session_id: item.session_id, item };
  }
  const answer = await acceptItems(originOf(workspace, waiting), [read.item], [], now);
  if (isRetained(answer, 0)) {
    const item = await readRejected(workspace, id);
    return { taken: false, outcome: null, session_id: item.session_id, item };
  }
  await deleteRejected(workspace, [id]);
  const { sessionId } = read.item;
  return {
    taken: true,
    outcome: outcomeOf(answer),
    session_id: typeof sessionId === "string" ? sessionId : null,
    item: null,
  };
}

/** Throws `not_found`, and `conflict` for one that is held. */
export async function removeItem(workspace: string, id: string): Promise<void> {
  if (await prisma.$transaction((tx) => deleteUnheld(tx, workspace, id))) return;
  await readRejected(workspace, id);
  throw new AppError("conflict", "This item is under a legal hold: it stays until that is lifted.");
}

/** Removes a part of what matches and is not held. */
export const removeMatching = (
  workspace: string,
  query: DeleteManyQuery,
): Promise<DeleteManyAnswer> =>
  prisma.$transaction((tx) => deleteMatching(tx, workspace, query), PATIENT);

/** Tries a part of what matches, newest first; `next_cursor` goes on behind it, also past what was refused again. */
export async function retryMatching(
  workspace: string,
  query: RetryManyQuery,
  now: Date,
): Promise<RetryManyAnswer> {
  const { rows, nextCursor } = await listWaiting(workspace, query, BYTES_AT_ONCE);
  let taken = 0;
  for (const group of groupsOf(rows)) taken += await retryGroup(workspace, group, now);
  const tried = rows.length;
  return { tried, taken, refused: tried - taken, next_cursor: nextCursor };
}

/** Items of one origin, in one batch. How many were taken. */
async function retryGroup(workspace: string, group: [Waiting, ...Waiting[]], now: Date) {
  const items: RawItem[] = [];
  const ids: string[] = [];
  for (const waiting of group) {
    const { id, body } = waiting;
    if (body === null) continue;
    const read = readAgain(body, items.length);
    if ("rejection" in read)
      await saveRefusal(prisma, workspace, id, {
        ...{ rejection: await kept(workspace, waiting, read), now },
      });
    else {
      items.push(read.item);
      ids.push(id);
    }
  }
  if (items.length === 0) return 0;
  const answer = await acceptItems(originOf(workspace, group[0]), items, [], now);
  const taken = ids.filter((_, index) => !isRetained(answer, index));
  await deleteRejected(workspace, taken);
  return taken.length;
}

/** Of a session that takes nothing in any more: the item stays what it is. */
const isRetained = ({ rejected }: IngestAnswer, index: number) =>
  rejected.some((one) => one.index === index && one.code === "retained");

type Refused = { rejection: Rejection; item: RawItem | null };

/** What ingest would make of the line: an item it takes, or why not. */
function readAgain(line: string, index: number): { item: RawItem } | Refused {
  const read = readLine(line, index);
  if ("rejection" in read) return { ...read, item: null };
  const normal = normalizeItem(read.item);
  return normal.kind === "rejected" ? { ...normal, item: read.item } : read;
}

/** A refusal as ingest would keep it: what somebody typed is masked like everything that comes in. */
async function kept(workspace: string, waiting: Waiting, { rejection, item }: Refused) {
  const { connectionId } = waiting;
  const masking = await readMasking({ workspace, connectionId }, item ? [item] : []);
  return maskedRejection(masking, rejection, item);
}

function groupsOf(rows: readonly Waiting[]): [Waiting, ...Waiting[]][] {
  const groups = new Map<string, [Waiting, ...Waiting[]]>();
  for (const row of rows) {
    const key = `${row.source}\n${row.connectionId}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

function originOf(workspace: string, { connectionId, source }: Waiting) {
  return { workspace, connectionId, source: Source.parse(source) };
}

function outcomeOf({ accepted, updated }: IngestAnswer): RetryAnswer["outcome"] {
  if (accepted > 0) return "accepted";
  return updated > 0 ? "updated" : "duplicate";
}
