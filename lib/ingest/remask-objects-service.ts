import type { Db } from "@/lib/db/client";
import { add, type Hits, type Masker } from "@/lib/masking/masker";
import { readLine } from "./body";
import { cleanText } from "./canonical";
import { configHashOf } from "./config-hash";
import { maskedRejection, toolNames } from "./masking";
import { isObject } from "./normalize";
import { remaskedObject } from "./remask";
import {
  type Left,
  lockNames,
  lockObjects,
  lockRejected,
  lockVersions,
  type NamedKind,
  type ObjectKind,
  type Place,
  replaceVersion,
  type StoredRejection,
  writeNames,
  writeObjects,
  writeRejected,
} from "./remask-objects-store";
import type { JsonObject, Rejection } from "./schema";
import { textOf } from "./spans";

/** How far one part came: `next` where nothing is behind it. */
export type Part = Place & { next: boolean; changed: number; hits: Hits };

export type How = {
  workspace: string;
  isPreview: boolean;
  /** By connection; null where nothing is to be changed. */
  maskerOf: (connectionId: string) => Promise<Masker | null>;
};

const AT_ONCE = 200;

/** Objects that belong to no session, by the rules that hold. */
export async function remaskObjects(
  tx: Db,
  kind: ObjectKind,
  { workspace, isPreview, maskerOf }: How,
  place: Place,
): Promise<Part> {
  const found = await lockObjects(tx, kind, { workspace, ...place, limit: AT_ONCE });
  const hits: Hits = new Map();
  const changed = [];
  for (const one of found) {
    const masker = await maskerOf(one.connectionId);
    const object = masker && remaskedObject(masker, kind, one.object, hits);
    if (object) changed.push({ ...one, object, text: textIn(kind, object) });
  }
  if (!isPreview) await writeObjects(tx, workspace, kind, changed);
  return { ...placeOf(found, place), changed: changed.length, hits };
}

function textIn(kind: ObjectKind, object: JsonObject): string | null {
  if (kind !== "deployment_run") return textOf(object.name);
  return isObject(object.error) ? textOf(object.error.message) : null;
}

/** Of those of which only a name is kept. */
export async function remaskNames(
  tx: Db,
  kind: NamedKind,
  { workspace, isPreview, maskerOf }: How,
  place: Place,
): Promise<Part> {
  const found = await lockNames(tx, kind, { workspace, ...place, limit: AT_ONCE });
  const hits: Hits = new Map();
  const changed = [];
  for (const one of found) {
    const masker = await maskerOf(one.connectionId);
    const object = masker && remaskedObject(masker, kind, { name: one.name }, hits);
    if (object) changed.push({ ...one, name: String(object.name) });
  }
  if (!isPreview) await writeNames(tx, workspace, kind, changed);
  return { ...placeOf(found, place), changed: changed.length, hits };
}

/** What agents ran with is masked as it is within a session. */
export async function remaskVersions(
  tx: Db,
  { workspace, isPreview, maskerOf }: How,
  place: Place,
): Promise<Part> {
  const found = await lockVersions(tx, { workspace, ...place, limit: AT_ONCE });
  const hits: Hits = new Map();
  let changed = 0;
  for (const one of found) {
    const own: Hits = new Map();
    const masker = await maskerOf(one.connectionId);
    const whole = masker && remaskedObject(masker, "session", { agent: one.object }, own);
    if (!whole || !isObject(whole.agent)) continue;
    const object = whole.agent;
    const configHash = configHashOf(object);
    const isGone = isPreview || (await replaceVersion(tx, workspace, one, { configHash, object }));
    if (!isGone) continue;
    changed++;
    for (const [rule, count] of own) add(hits, rule, count);
  }
  return { ...placeOf(found, place), changed, hits };
}

/** What was refused, its whole line and what was said about it. */
export async function remaskRejected(
  tx: Db,
  { workspace, isPreview, maskerOf }: How,
  { place, isLeft }: { place: Place; isLeft: Left },
): Promise<Part> {
  const { afterId } = place;
  const rows = await lockRejected(tx, { workspace, afterId, limit: AT_ONCE }, isLeft);
  const hits: Hits = new Map();
  const changed: StoredRejection[] = [];
  for (const row of rows) {
    const masker = await maskerOf(row.connectionId);
    const left = masker && remaskedRow(masker, row, hits);
    if (left) changed.push(left);
  }
  if (!isPreview) await writeRejected(tx, workspace, changed);
  const found = rows.map(({ id }) => ({ connectionId: "", id }));
  return { ...placeOf(found, place), changed: changed.length, hits };
}

function remaskedRow(masker: Masker, row: StoredRejection, hits: Hits): StoredRejection | null {
  const body = remaskedLine(masker, row, row.body, hits);
  const original = row.original === null ? null : remaskedLine(masker, row, row.original, hits);
  if (!body && !original) return null;
  return {
    ...row,
    message: (body ?? original)?.message ?? row.message,
    body: cleanText(body?.line ?? row.body),
    original: original ? cleanText(original.line) : row.original,
  };
}

function remaskedLine(masker: Masker, row: StoredRejection, line: string, hits: Hits) {
  const rejection: Rejection = { ...row, index: 0, line };
  const read = readLine(line, 0);
  const masking = { masker, toolOf: toolNames(new Map()) };
  const left = maskedRejection(masking, rejection, "item" in read ? read.item : null);
  if (left === rejection) return null;
  for (const [rule, count] of left.masked ?? []) add(hits, rule, count);
  return left;
}

function placeOf(found: readonly { connectionId: string; id: string }[], place: Place) {
  const last = found.at(-1);
  return {
    afterConnection: last?.connectionId ?? place.afterConnection,
    afterId: last?.id ?? place.afterId,
    next: found.length < AT_ONCE,
  };
}
