import { type Db, prisma } from "@/lib/db/client";
import type { InvitationItem } from "./people-schema";
import { type Role, roleOf } from "./roles";

export type LinkRow = {
  id: string;
  workspace: string;
  kind: "invitation" | "password";
  hash: string;
  email: string;
  role: Role | null;
  personId: string | null;
  createdBy: string;
  createdById: string | null;
  createdAt: Date;
  expiresAt: Date;
};

/** Replaces what the same person or address was given before and has not used. */
export async function saveLink(db: Db, link: LinkRow): Promise<void> {
  const { workspace, kind, email } = link;
  await db.accessLink.deleteMany({ where: { workspace, kind, email, usedAt: null } });
  await db.accessLink.create({ data: link });
}

/** A link that can still be used. */
export async function readLink(
  { kind, hash, now }: { kind: LinkRow["kind"]; hash: string; now: Date },
  db: Db = prisma,
) {
  return db.accessLink.findFirst({ where: { kind, hash, usedAt: null, expiresAt: { gt: now } } });
}

/** An invitation of that address that can still be used, whoever has its link. */
export async function readOpenInvitation(
  { workspace, email, now }: { workspace: string; email: string; now: Date },
  db: Db = prisma,
): Promise<{ id: string; role: string | null } | null> {
  return db.accessLink.findFirst({
    where: { workspace, kind: "invitation", email, usedAt: null, expiresAt: { gt: now } },
  });
}

/** Takes back what a person has written and nobody has used. */
export async function deleteLinksOf(
  db: Db,
  { workspace, personId }: { workspace: string; personId: string },
): Promise<void> {
  await db.accessLink.deleteMany({ where: { workspace, createdById: personId, usedAt: null } });
}

/** Uses it up: of several at once, one gets true. */
export async function claimLink(db: Db, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const { count } = await db.accessLink.updateMany({
    where: { id, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count > 0;
}

export async function listInvitations(
  workspace: string,
  now: Date,
  db: Db = prisma,
): Promise<InvitationItem[]> {
  const rows = await db.accessLink.findMany({
    where: { workspace, kind: "invitation", usedAt: null, expiresAt: { gt: now } },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
    take: 200,
  });
  return rows.flatMap(({ id, email, role, createdBy, createdAt, expiresAt }) => {
    const known = roleOf(role ?? "");
    if (!known) return [];
    const times = { created_at: createdAt.toISOString(), expires_at: expiresAt.toISOString() };
    return { id, email, role: known, created_by: createdBy, ...times };
  });
}

/** False when the workspace has no such invitation open. */
export async function deleteInvitation(
  { workspace, id }: { workspace: string; id: string },
  db: Db = prisma,
): Promise<boolean> {
  const { count } = await db.accessLink.deleteMany({
    where: { workspace, id, kind: "invitation", usedAt: null },
  });
  return count > 0;
}
