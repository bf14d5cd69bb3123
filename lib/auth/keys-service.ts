import { prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import type { KeyCreated, NewKey, Rotation } from "./keys-schema";
import {
  isReplaced,
  type KeyRow,
  keyItem,
  lockKey,
  markKeyEnding,
  markKeyRevoked,
  saveKey,
} from "./keys-store";
import { keyPrefix, newId, newKey, sha256 } from "./secrets";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Owner = { workspace: string; createdBy: string; createdById: string | null };

/** A row for a key of that text. */
export function keyRow(
  key: string,
  row: Omit<KeyRow, "id" | "prefix" | "hash" | "replaces"> & { replaces?: string },
): KeyRow {
  return {
    ...{ id: newId("key"), prefix: keyPrefix(key), hash: sha256(key), replaces: null },
    ...row,
  };
}

/** The only time the key itself is told. */
export async function createKey(
  owner: Owner,
  wanted: NewKey,
  now = new Date(),
): Promise<KeyCreated> {
  const { name, scopes, expires_in_days: days, addresses, rate_per_minute: ratePerMinute } = wanted;
  const key = newKey();
  const expiresAt = days === null ? null : new Date(now.getTime() + days * DAY_MS);
  const row = keyRow(key, {
    ...{ ...owner, name, scopes: [...new Set(scopes)], createdAt: now },
    ...{ expiresAt, addresses, ratePerMinute },
  });
  await saveKey(row);
  return { ...keyItem(row, null), key };
}

/**
 * A new key that may do the same and lasts as long as the old one was made for; the old one ends after
 * the overlap, at the latest.
 */
export async function rotateKey(
  owner: Owner,
  id: string,
  { overlap_hours: hours }: Rotation,
  now = new Date(),
): Promise<KeyCreated> {
  const { workspace } = owner;
  return prisma.$transaction(async (tx) => {
    const old = await lockKey(tx, { workspace, id, now });
    if (!old) throw new AppError("not_found", "There is no such key in use.");
    if (await isReplaced(tx, id, now))
      throw new AppError(
        "conflict",
        "This key was rotated already; rotate the one that came of it.",
      );
    const { name, scopes, addresses, ratePerMinute } = old;
    const lifeMs = old.expiresAt && old.expiresAt.getTime() - old.createdAt.getTime();
    const key = newKey();
    const row = keyRow(key, {
      ...{ ...owner, name, scopes, addresses, ratePerMinute, replaces: id },
      ...{ createdAt: now, expiresAt: lifeMs === null ? null : new Date(now.getTime() + lifeMs) },
    });
    await saveKey(row, tx);
    const end = now.getTime() + hours * HOUR_MS;
    await markKeyEnding(tx, id, new Date(Math.min(end, old.expiresAt?.getTime() ?? end)));
    return { ...keyItem(row, null), key };
  });
}

export async function endKey(
  { workspace }: { workspace: string },
  id: string,
  now = new Date(),
): Promise<undefined> {
  if (!(await markKeyRevoked({ workspace, id, now })))
    throw new AppError("not_found", "There is no such key in use.");
  return undefined;
}
