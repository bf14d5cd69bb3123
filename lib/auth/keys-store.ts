import { type Db, prisma } from "@/lib/db/client";
import type { ApiKey } from "@/lib/db/generated/client";
import type { KeyItem } from "./keys-schema";
import { Scope } from "./schema";

export type KeyRow = {
  id: string;
  workspace: string;
  name: string;
  prefix: string;
  hash: string;
  scopes: Scope[];
  createdAt: Date;
  createdBy: string;
  createdById: string | null;
  expiresAt: Date | null;
  addresses: string[];
  ratePerMinute: number | null;
  replaces: string | null;
};

export type UsableKey = Omit<ApiKey, "scopes"> & { scopes: Scope[] };

const usable = (now: Date) => ({
  revokedAt: null,
  OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
});

const withScopes = (row: ApiKey): UsableKey => ({
  ...row,
  scopes: row.scopes.flatMap((scope) => Scope.safeParse(scope).data ?? []),
});

/** A key that may be used, or null. */
export async function readKey(hash: string, now: Date, db: Db = prisma): Promise<UsableKey | null> {
  const row = await db.apiKey.findFirst({ where: { hash, ...usable(now) } });
  return row && withScopes(row);
}

/** One that was good once: what it was called, and whose it was. */
export async function readEndedKey(
  hash: string,
  now: Date,
  db: Db = prisma,
): Promise<Pick<UsableKey, "id" | "workspace" | "name"> | null> {
  return db.apiKey.findFirst({ where: { hash, NOT: usable(now) } });
}

/** A key that may be used, by its id. */
export async function readKeyById(
  id: string,
  now: Date,
  db: Db = prisma,
): Promise<UsableKey | null> {
  const row = await db.apiKey.findFirst({ where: { id, ...usable(now) } });
  return row && withScopes(row);
}

/** In use, newest first. */
export async function listKeys(workspace: string, now: Date, db: Db = prisma): Promise<KeyItem[]> {
  const rows = await db.apiKey.findMany({
    where: { workspace, ...usable(now) },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 200,
  });
  const newer = (id: string) => rows.find(({ replaces }) => replaces === id)?.id ?? null;
  return rows.map((row) => keyItem(withScopes(row), newer(row.id)));
}

export function keyItem(
  row: Omit<KeyRow, "hash"> & { lastUsedAt?: Date | null },
  by: string | null,
): KeyItem {
  const { id, name, prefix, scopes, addresses } = row;
  return {
    ...{ id, name, prefix, scopes },
    created_at: row.createdAt.toISOString(),
    created_by: row.createdBy,
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    expires_at: row.expiresAt?.toISOString() ?? null,
    addresses,
    rate_per_minute: row.ratePerMinute,
    replaced_by: by,
  };
}

/** What a key is called, also after it was revoked. */
export async function readKeyName(id: string, db: Db = prisma): Promise<string | null> {
  const row = await db.apiKey.findUnique({ where: { id }, select: { name: true } });
  return row?.name ?? null;
}

export async function saveKey(key: KeyRow, db: Db = prisma): Promise<void> {
  await db.apiKey.create({ data: key });
}

/** Stores the key unless the same one is there already: then false. */
export async function saveKeyOnce(key: KeyRow, db: Db = prisma): Promise<boolean> {
  return (await db.apiKey.createMany({ data: [key], skipDuplicates: true })).count > 0;
}

/** False when the workspace has no such key in use. */
export async function markKeyRevoked(
  key: { workspace: string; id: string; now: Date },
  db: Db = prisma,
): Promise<boolean> {
  const { count } = await db.apiKey.updateMany({
    where: { workspace: key.workspace, id: key.id, ...usable(key.now) },
    data: { revokedAt: key.now },
  });
  return count > 0;
}

type Maker = { workspace: string; personId: string; now: Date };

const madeBy = ({ workspace, personId, now }: Maker) => ({
  ...{ workspace, createdById: personId, ...usable(now) },
});

/** Of keys in use that a person made. */
export async function listKeysOf(db: Db, maker: Maker): Promise<{ id: string; name: string }[]> {
  const select = { id: true, name: true } as const;
  return db.apiKey.findMany({ where: madeBy(maker), select, orderBy: { createdAt: "asc" } });
}

export async function markKeysRevoked(db: Db, maker: Maker): Promise<void> {
  await db.apiKey.updateMany({ where: madeBy(maker), data: { revokedAt: maker.now } });
}

/** How many keys in use each of these people made. */
export async function countKeysOf(
  { workspace, personIds, now }: { workspace: string; personIds: readonly string[]; now: Date },
  db: Db = prisma,
): Promise<Map<string | null, number>> {
  const groups = await db.apiKey.groupBy({
    by: ["createdById"],
    where: { workspace, createdById: { in: [...personIds] }, ...usable(now) },
    _count: true,
  });
  return new Map(groups.map(({ createdById, _count }) => [createdById, _count]));
}

/** Reads a key that is in use and keeps others from replacing it until the transaction ends. */
export async function lockKey(
  db: Db,
  { workspace, id, now }: { workspace: string; id: string; now: Date },
): Promise<UsableKey | null> {
  const locked = await db.$executeRaw`
    select from api_key where workspace = ${workspace} and id = ${id} for update`;
  return locked === 0 ? null : readKeyById(id, now, db);
}

/** Whether a key was made in the place of this one, and is good. */
export async function isReplaced(db: Db, id: string, now: Date): Promise<boolean> {
  return (await db.apiKey.count({ where: { replaces: id, ...usable(now) } })) > 0;
}

export async function markKeyEnding(db: Db, id: string, expiresAt: Date): Promise<void> {
  await db.apiKey.updateMany({ where: { id }, data: { expiresAt } });
}

export async function markKeyUsed(id: string, now: Date, db: Db = prisma): Promise<void> {
  await db.apiKey.updateMany({ where: { id }, data: { lastUsedAt: now } });
}

export async function countAdminKeys(now: Date, db: Db = prisma): Promise<number> {
  return db.apiKey.count({ where: { ...usable(now), scopes: { has: "admin" } } });
}
