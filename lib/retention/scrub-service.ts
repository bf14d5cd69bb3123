import type { Db } from "@/lib/db/client";
import { makeGoneKey } from "@/lib/ingest/gone-key-store";
import { erasedName, keyedHash } from "@/lib/ingest/gone-names";
import type { SessionName } from "@/lib/ingest/seal-store";
import { lockNames } from "@/lib/sessions/names-store";
import { addReports, NOTHING } from "./erasure";
import type { ErasureReport } from "./erasure-schema";
import { keyFingerprints } from "./fingerprint-store";
import type { Names } from "./nameless";
import { deleteOwn, forgetApart } from "./scrub-apart-store";
import { rewriteAudit } from "./scrub-audit-store";
import { listLeft, rewriteColumns } from "./scrub-store";
import type { ErasureSubject } from "./subject-schema";

/** What is to be named nowhere any more. */
export type Scrub = {
  ids: readonly string[];
  /** A value by which sessions are erased is named nowhere any more either. */
  subject: ErasureSubject | null;
  groups?: readonly string[];
};

/**
 * Takes what names these sessions out of all that is not theirs: removes rows that are about one of them
 * alone, and the names out of what is about more. What can hold a name is said in places.ts.
 */
export async function scrubSessions(
  db: Db,
  workspace: string,
  { sessions, subject }: { sessions: readonly SessionName[]; subject: ErasureSubject | null },
): Promise<Partial<ErasureReport>> {
  const own = await deleteOwn(db, workspace, sessions);
  const ids = sessions.map(({ sessionId }) => sessionId);
  return addReports({ ...NOTHING, ...own }, await scrubNames(db, workspace, { ids, subject }));
}

/** The second half of it. Whoever writes such names waits until the end of the transaction. */
export async function scrubNames(
  db: Db,
  workspace: string,
  scrub: Scrub,
): Promise<Partial<ErasureReport>> {
  await lockNames(db, workspace);
  const key = await makeGoneKey(db, workspace);
  const names = namesOf(key, workspace, scrub);
  const parts: Partial<ErasureReport>[] = [
    await forgetApart(db, workspace, names),
    await rewriteColumns(db, workspace, names),
    await rewriteAudit(db, workspace, names),
    { written: await listLeft(db, workspace, names) },
  ];
  await keyFingerprints(db, workspace, { names, key });
  return parts.reduce<ErasureReport>(addReports, NOTHING);
}

function namesOf(key: string, workspace: string, { ids, subject, groups = [] }: Scrub): Names {
  const name = (of: string, text: string) =>
    erasedName(keyedHash(key, `${workspace}\n${of}\n${text}`));
  // Nothing names nobody.
  const isNamed = subject?.by === "metadata" && subject.value !== "";
  const value = isNamed ? { key: subject.key, value: subject.value } : null;
  return {
    ids: new Map(ids.map((id) => [id, name("session", id)])),
    value: value && { ...value, name: name(`metadata.${value.key}`, value.value) },
    groups: new Set(groups),
  };
}
