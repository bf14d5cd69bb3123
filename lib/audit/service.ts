import { createHash, randomUUID } from "node:crypto";
import { type Db, prisma } from "@/lib/db/client";
import { streamPages } from "@/lib/http/page-stream";
import type { Action } from "./actions";
import { changesOf, withoutSecretText } from "./changes";
import { csvHeader, csvRows, ndjsonRows } from "./export";
import { currentOrigin, type Origin, within } from "./origin";
import type { Actor, AuditExportQuery } from "./schema";
import { deleteEntriesBefore, insertEntry, listEntries, listWorkspaces } from "./store";

/** What was done. Who did it, and from where, is known from the call, unless `actor` says otherwise. */
export type Deed = {
  action: Action;
  target?: { id: string | null; name?: string | null };
  /** Whole states; what differs is kept of them. One alone says that something was made, or is gone. */
  before?: object | null;
  after?: object | null;
  reason?: string | null;
  actor?: Actor;
  /** When something of this text was recorded already, nothing is added. */
  once?: string;
};

const ITSELF: Actor = { kind: "system", id: null, label: "Watchkeeper" };

/** Records a deed: with `db` a transaction, together with the change or not at all. */
export async function record(
  db: Db,
  workspace: string,
  deed: Deed,
  now = new Date(),
): Promise<void> {
  const origin = currentOrigin();
  const actor = deed.actor ?? (await origin?.actor?.()) ?? ITSELF;
  const { id = null, name = null } = deed.target ?? {};
  await insertEntry(
    {
      ...{ workspace, id: idOf(deed.once), at: now, action: deed.action },
      ...{ actorKind: actor.kind, actorId: actor.id, actorLabel: textOf(actor.label) },
      ...{ targetId: id, targetLabel: name === null ? null : textOf(name) },
      ...changesOf(deed.before ?? null, deed.after ?? null),
      reason: reasonOf(deed.reason ?? null, origin?.because ?? null),
      ...{ ip: origin?.ip ?? null, userAgent: origin?.userAgent ?? null },
      requestId: origin?.requestId ?? null,
    },
    db,
  );
  if (origin) origin.isRecorded = true;
}

/** The same for a deed that changes nothing. */
export const recordLook = (workspace: string, deed: Deed) => record(prisma, workspace, deed);

type Call<T> = { origin: Origin; workspace: string; declared: ((value: T) => Deed) | null };

/** Does the work of a call. What it is declared to be is recorded after it, unless it has recorded anything itself. */
export function recordCall<T>(
  { origin, workspace, declared }: Call<T>,
  work: () => T | Promise<T>,
): Promise<T> {
  return within(origin, async () => {
    const value = await work();
    if (!declared || origin.isRecorded) return value;
    const deed = declared(value);
    if (deed.action === "session.viewed") await recordView(workspace, deed.target?.id ?? "");
    else await record(prisma, workspace, deed);
    return value;
  });
}

function reasonOf(...reasons: (string | null)[]): string | null {
  const told = reasons.filter((reason) => reason !== null);
  return told.length === 0 ? null : textOf(told.join(" · "));
}

const textOf = (text: string) => withoutSecretText(text.replaceAll("\u0000", ""));

function idOf(once: string | undefined): string {
  const text =
    once === undefined
      ? randomUUID().replaceAll("-", "")
      : createHash("sha256").update(once).digest("hex").slice(0, 32);
  return `audit_${text}`;
}

const HOUR_MS = 3_600_000;
const MOST_REMEMBERED = 10_000;
/** Views this process has recorded within the hour they were in: a page asks for content many times. */
let remembered = { hour: 0, views: new Set<string>() };

/** Records that somebody looked at what a session said: once a person, session and hour. Programs' reading is not. */
export async function recordView(
  workspace: string,
  sessionId: string,
  now = new Date(),
): Promise<void> {
  const origin = currentOrigin();
  const actor = await origin?.actor?.();
  if (!actor || !["person", "browser"].includes(actor.kind)) return;
  const hour = Math.floor(now.getTime() / HOUR_MS);
  if (remembered.hour !== hour || remembered.views.size >= MOST_REMEMBERED)
    remembered = { hour, views: new Set() };
  const once = JSON.stringify([workspace, actor.kind, actor.id, sessionId, hour, origin?.because]);
  if (remembered.views.has(once)) return;
  const target = { id: sessionId };
  await record(prisma, workspace, { action: "session.viewed", target, actor, once }, now);
  remembered.views.add(once);
}

/** All entries a filter lets through, newest first, streamed as a file. */
export function exportEntries(
  workspace: string,
  { format, ...filter }: AuditExportQuery,
): Promise<ReadableStream<Uint8Array>> {
  return streamPages(
    (cursor) => listEntries(workspace, { ...filter, limit: 500, cursor: cursor ?? undefined }),
    format === "csv" ? { head: csvHeader(), write: csvRows } : { head: "", write: ndjsonRows },
  );
}

const DAY_MS = 24 * HOUR_MS;
const AT_ONCE = 5_000;

/** By the clock: takes away what is older than so many days, and records how much that was. */
export async function forgetEntries(days: number, now: Date, atOnce = AT_ONCE): Promise<number> {
  const before = new Date(now.getTime() - days * DAY_MS);
  let done = 0;
  for (const workspace of await listWorkspaces()) {
    let gone = 0;
    let last: number;
    do {
      last = await prisma.$transaction((tx) =>
        deleteEntriesBefore(tx, workspace, { before, limit: atOnce }),
      );
      gone += last;
    } while (last === atOnce);
    if (gone > 0)
      await record(prisma, workspace, {
        action: "audit.forgotten",
        after: { entries: gone, before: before.toISOString() },
      });
    done += gone;
  }
  return done;
}
