import type { Db } from "@/lib/db/client";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { newId } from "./secrets";

const SETUP = "setup_link";

export async function saveWorkspaceOnce(id: string, db: Db = prisma): Promise<void> {
  await db.workspace.createMany({ data: [{ id, name: id }], skipDuplicates: true });
}

export type BrowserRow = {
  id: string;
  workspace: string;
  updatedAt: Date;
  keyId: string | null;
  personId: string | null;
  byProvider: boolean;
};

/** A browser that is still signed in. */
export async function readBrowserSession(
  hash: string,
  now: Date,
  db: Db = prisma,
): Promise<BrowserRow | null> {
  return db.browserSession.findFirst({ where: { hash, expiresAt: { gt: now } } });
}

/** Those of a password alone are made by better-auth. */
export async function saveBrowserSession(
  session: {
    hash: string;
    workspace: string;
    keyId: string | null;
    personId: string | null;
    byProvider: boolean;
    ipAddress: string | null;
    userAgent: string | null;
    createdAt: Date;
    expiresAt: Date;
  },
  db: Db = prisma,
): Promise<void> {
  await db.browserSession.create({
    data: { id: newId("brws"), updatedAt: session.createdAt, ...session },
  });
}

/** Those whose time is over: at each sign-in, so that they do not pile up. */
export async function deleteEndedSessions(now: Date, db: Db = prisma): Promise<void> {
  await db.browserSession.deleteMany({ where: { expiresAt: { lt: now } } });
}

export async function markBrowserSeen(id: string, now: Date, db: Db = prisma): Promise<void> {
  await db.browserSession.updateMany({ where: { id }, data: { updatedAt: now } });
}

export async function deleteBrowserSession(hash: string, db: Db = prisma): Promise<void> {
  await db.browserSession.deleteMany({ where: { hash } });
}

/** Replaces any earlier link. */
export async function saveSetupLink(
  link: { workspace: string; hash: string; expiresAt: Date; by: "start" | "command" },
  db: Db = prisma,
): Promise<void> {
  const value = { hash: link.hash, expires_at: link.expiresAt.toISOString(), by: link.by };
  await db.setting.upsert({
    where: { workspace_key: { workspace: link.workspace, key: SETUP } },
    create: { workspace: link.workspace, key: SETUP, value },
    update: { value },
  });
}

/** One that a start has printed, and not somebody's command. */
export async function deleteStartLink(db: Db, workspace: string): Promise<void> {
  await db.$executeRaw`
    delete from setting
    where workspace = ${workspace} and key = ${SETUP} and value ->> 'by' = 'start'`;
}

type GivenLink = { workspace: string; hash: string; now: Date };

const isGood = ({ workspace, hash, now }: GivenLink) => Prisma.sql`
  workspace = ${workspace} and key = ${SETUP} and value ->> 'hash' = ${hash}
    and (value ->> 'expires_at')::timestamptz > ${now}`;

/** Whether the link is this one and still good. */
export async function isSetupLinkGood(link: GivenLink, db: Db = prisma): Promise<boolean> {
  const rows = await db.$queryRaw<object[]>`select 1 from setting where ${isGood(link)}`;
  return rows.length > 0;
}

/** Takes the link away if it is this one and still good: of several at once, one gets true. */
export async function claimSetupLink(link: GivenLink, db: Db = prisma): Promise<boolean> {
  return (await db.$executeRaw`delete from setting where ${isGood(link)}`) === 1;
}
