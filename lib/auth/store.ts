import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { type KeyItem, Scope } from "./schema";
import { newId } from "./secrets";

const SETUP = "setup_link";

export type KeyRow = {
  id: string;
  workspace: string;
  name: string;
  prefix: string;
  hash: string;
  scopes: Scope[];
};

const scopesOf = (scopes: string[]): Scope[] =>
  scopes.flatMap((scope) => Scope.safeParse(scope).data ?? []);

const usable = (now: Date) => ({
  revokedAt: null,
  OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
});

/** A key that may be used, or null. */
export async function readKey(hash: string, now: Date, db: Db = prisma) {
  const row = await db.apiKey.findFirst({ where: { hash, ...usable(now) } });
  return row && { ...row, scopes: scopesOf(row.scopes) };
}

/** The same, by its id. */
export async function readKeyById(id: string, now: Date, db: Db = prisma) {
  const row = await db.apiKey.findFirst({ where: { id, ...usable(now) } });
  return row && { ...row, scopes: scopesOf(row.scopes) };
}

export async function listKeys(workspace: string, db: Db = prisma): Promise<KeyItem[]> {
  const rows = await db.apiKey.findMany({
    where: { workspace, revokedAt: null },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: 200,
  });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: scopesOf(row.scopes),
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
  }));
}

/** What a key is called, also after it was revoked. */
export async function readKeyName(id: string, db: Db = prisma): Promise<string | null> {
  const row = await db.apiKey.findUnique({ where: { id }, select: { name: true } });
  return row?.name ?? null;
}

export async function saveKey(key: KeyRow, createdAt: Date, db: Db = prisma): Promise<void> {
  await db.apiKey.create({ data: { ...key, createdAt } });
}

/** Stores the key unless the same one is there already. */
export async function saveKeyOnce(key: KeyRow, createdAt: Date, db: Db = prisma): Promise<void> {
  await db.apiKey.createMany({ data: [{ ...key, createdAt }], skipDuplicates: true });
}

/** False when the workspace has no such key in use. */
export async function markKeyRevoked(
  key: { workspace: string; id: string; now: Date },
  db: Db = prisma,
): Promise<boolean> {
  const { count } = await db.apiKey.updateMany({
    where: { workspace: key.workspace, id: key.id, revokedAt: null },
    data: { revokedAt: key.now },
  });
  return count > 0;
}

export async function markKeyUsed(id: string, now: Date, db: Db = prisma): Promise<void> {
  await db.apiKey.updateMany({ where: { id }, data: { lastUsedAt: now } });
}

export async function countAdminKeys(db: Db = prisma): Promise<number> {
  return db.apiKey.count({ where: { revokedAt: null, scopes: { has: "admin" } } });
}

export async function saveWorkspaceOnce(id: string, db: Db = prisma): Promise<void> {
  await db.workspace.createMany({ data: [{ id, name: id }], skipDuplicates: true });
}

export type BrowserRow = {
  id: string;
  workspace: string;
  updatedAt: Date;
  keyId: string | null;
  personId: string | null;
};

/** A browser that is still signed in. */
export async function readBrowserSession(
  hash: string,
  now: Date,
  db: Db = prisma,
): Promise<BrowserRow | null> {
  return db.browserSession.findFirst({ where: { hash, expiresAt: { gt: now } } });
}

/** Of a pasted key; people's are made by better-auth. */
export async function saveBrowserSession(
  session: {
    hash: string;
    workspace: string;
    keyId: string;
    ipAddress: string | null;
    userAgent: string | null;
    createdAt: Date;
    expiresAt: Date;
  },
  db: Db = prisma,
): Promise<void> {
  await db.browserSession.deleteMany({ where: { expiresAt: { lt: session.createdAt } } });
  await db.browserSession.create({
    data: { id: newId("brws"), updatedAt: session.createdAt, ...session },
  });
}

export async function markBrowserSeen(id: string, now: Date, db: Db = prisma): Promise<void> {
  await db.browserSession.updateMany({ where: { id }, data: { updatedAt: now } });
}

export async function deleteBrowserSession(hash: string, db: Db = prisma): Promise<void> {
  await db.browserSession.deleteMany({ where: { hash } });
}

/** Replaces any earlier link. */
export async function saveSetupLink(
  link: { workspace: string; hash: string; expiresAt: Date },
  db: Db = prisma,
): Promise<void> {
  const value = { hash: link.hash, expires_at: link.expiresAt.toISOString() };
  await db.setting.upsert({
    where: { workspace_key: { workspace: link.workspace, key: SETUP } },
    create: { workspace: link.workspace, key: SETUP, value },
    update: { value },
  });
}

/** Takes the link away if it is this one and still good: of several at once, one gets true. */
export async function claimSetupLink(
  link: { workspace: string; hash: string; now: Date },
  db: Db = prisma,
): Promise<boolean> {
  const taken = await db.$executeRaw`
    delete from setting
    where workspace = ${link.workspace} and key = ${SETUP}
      and value ->> 'hash' = ${link.hash}
      and (value ->> 'expires_at')::timestamptz > ${link.now}`;
  return taken === 1;
}
