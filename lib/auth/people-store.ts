import { type Db, prisma } from "@/lib/db/client";
import { countKeysOf } from "./keys-store";
import type { BrowserItem, PersonItem } from "./people-schema";
import { accountKey, deleteRemoved, saveRemoved } from "./removed-store";
import { type Role, roleOf } from "./roles";
import type { CallingPerson } from "./schema";
import { deleteFactor, listWithFactor } from "./second-factor-store";
import { newId } from "./secrets";
import { deleteStartLink } from "./store";

const CREDENTIAL = "credential";
/** More people than this share a workspace in no team. */
const MOST_PEOPLE = 1_000;

export type NewPerson = {
  workspace: string;
  email: string;
  name: string;
  role: Role;
  /** As `hashPassword` makes it; null for who comes by a provider. */
  passwordHash: string | null;
  now: Date;
};

/** A person with a role, whom nobody keeps out any more. Within a transaction, for it is several rows. */
export async function savePerson(db: Db, person: NewPerson): Promise<CallingPerson> {
  const { workspace, email, name, role, passwordHash, now } = person;
  const id = newId("pers");
  const times = { createdAt: now, updatedAt: now };
  await db.person.create({ data: { id, email, name, emailVerified: true, ...times } });
  if (passwordHash !== null)
    await db.personAccount.create({
      data: {
        ...{ id: newId("acct"), personId: id, providerId: CREDENTIAL, accountId: id, ...times },
        password: passwordHash,
      },
    });
  await deleteRemoved(db, workspace, [email]);
  await deleteStartLink(db, workspace);
  await db.membership.create({ data: { workspace, personId: id, role, createdAt: now } });
  return { id, email, name };
}

export async function countPeople(workspace: string, db: Db = prisma): Promise<number> {
  return db.membership.count({ where: { workspace } });
}

/** Who of the workspace has this address, in any writing of capitals. */
export async function readPersonByEmail(email: string, db: Db = prisma) {
  return db.person.findUnique({ where: { email: email.toLowerCase() } });
}

export async function readPerson(
  { workspace, id }: { workspace: string; id: string },
  db: Db = prisma,
): Promise<(CallingPerson & { role: Role; mayOpen: boolean }) | null> {
  const [person, membership] = await Promise.all([
    db.person.findUnique({ where: { id } }),
    db.membership.findUnique({ where: { workspace_personId: { workspace, personId: id } } }),
  ]);
  const role = membership ? roleOf(membership.role) : null;
  if (!person || !membership || !role) return null;
  const { mayOpen } = membership;
  return { id, email: person.email, name: person.name, role, mayOpen };
}

export async function listPeople(
  workspace: string,
  now: Date,
  db: Db = prisma,
): Promise<PersonItem[]> {
  const members = await db.membership.findMany({
    where: { workspace },
    orderBy: [{ createdAt: "asc" }, { personId: "asc" }],
    take: MOST_PEOPLE,
  });
  const ids = members.map(({ personId }) => personId);
  const [people, withFactor, keys, browsers] = await Promise.all([
    db.person.findMany({ where: { id: { in: ids } } }),
    listWithFactor(ids, db),
    countKeysOf({ workspace, personIds: ids, now }, db),
    db.browserSession.groupBy({
      by: ["personId"],
      where: { personId: { in: ids }, expiresAt: { gt: now } },
      _count: true,
      _max: { updatedAt: true },
    }),
  ]);
  return members.flatMap(({ personId, role, mayOpen, createdAt }) => {
    const person = people.find(({ id }) => id === personId);
    const known = roleOf(role);
    if (!person || !known) return [];
    const seen = browsers.find((group) => group.personId === personId);
    return {
      ...{ id: personId, email: person.email, name: person.name, role: known },
      may_open: mayOpen,
      created_at: createdAt.toISOString(),
      last_seen_at: seen?._max.updatedAt?.toISOString() ?? null,
      sessions: seen?._count ?? 0,
      second_factor: withFactor.has(personId),
      keys: keys.get(personId) ?? 0,
    };
  });
}

/** Somebody of the workspace, whom nobody else changes until the transaction ends. */
export async function lockMember(db: Db, key: { workspace: string; id: string }) {
  await db.$executeRaw`
    select from membership
    where workspace = ${key.workspace} and person_id = ${key.id} for update`;
  return readPerson(key, db);
}

/** Keeps others from changing who is an admin until the transaction ends; how many others there are. */
export async function lockOtherAdmins(
  db: Db,
  { workspace, id }: { workspace: string; id: string },
): Promise<number> {
  const rows = await db.$queryRaw<{ person_id: string }[]>`
    select person_id from membership
    where workspace = ${workspace} and role = 'admin' order by person_id for update`;
  return rows.filter(({ person_id }) => person_id !== id).length;
}

/**
 * Of somebody who signs in: what lets them in is not changed until the transaction ends (`share`). Of a
 * change to that: nobody is let in by what was before until it ends.
 */
export async function lockPerson(db: Db, id: string, mode: "share" | "update"): Promise<void> {
  if (mode === "share") await db.$executeRaw`select from person where id = ${id} for share`;
  else await db.$executeRaw`select from person where id = ${id} for update`;
}

export async function markMember(
  db: Db,
  { workspace, id }: { workspace: string; id: string },
  data: { role: Role; mayOpen: boolean },
): Promise<void> {
  await db.membership.update({ where: { workspace_personId: { workspace, personId: id } }, data });
}

/** Takes a person out of a workspace; of one who is in no other, nothing stays but that they were. */
export async function deletePerson(
  db: Db,
  { workspace, id }: { workspace: string; id: string },
): Promise<void> {
  const [person, accounts] = await Promise.all([
    db.person.findUnique({ where: { id } }),
    db.personAccount.findMany({ where: { personId: id, providerId: { not: CREDENTIAL } } }),
  ]);
  const elsewhere = accounts.map((row) => accountKey(row.providerId, row.accountId));
  await saveRemoved(db, workspace, [...(person ? [person.email] : []), ...elsewhere]);
  await db.membership.deleteMany({ where: { workspace, personId: id } });
  await deleteBrowsers(db, { personId: id, keep: null });
  await db.accessLink.deleteMany({ where: { personId: id, usedAt: null } });
  if ((await db.membership.count({ where: { personId: id } })) > 0) return;
  await deleteFactor(db, id);
  await db.personAccount.deleteMany({ where: { personId: id } });
  await db.person.deleteMany({ where: { id } });
}

export async function readPasswordHash(personId: string, db: Db = prisma): Promise<string | null> {
  const where = { personId, providerId: CREDENTIAL };
  return (await db.personAccount.findFirst({ where }))?.password ?? null;
}

/** Signs a person out everywhere but in the browser with the hash `keep`. */
export async function deleteBrowsers(
  db: Db,
  { personId, keep }: { personId: string; keep: string | null },
): Promise<void> {
  await db.signInStep.deleteMany({ where: { personId } });
  await db.browserSession.deleteMany({
    where: { personId, ...(keep === null ? {} : { hash: { not: keep } }) },
  });
}

/** A new password; everywhere but in the browser `keep` the person is signed out by it. */
export async function markPassword(
  db: Db,
  change: { personId: string; passwordHash: string; now: Date; keep: string | null },
): Promise<void> {
  const { personId, passwordHash, now, keep } = change;
  await lockPerson(db, personId, "update");
  const own = { personId, providerId: CREDENTIAL };
  const data = { password: passwordHash, updatedAt: now };
  const { count } = await db.personAccount.updateMany({ where: own, data });
  if (count === 0)
    await db.personAccount.create({
      data: { id: newId("acct"), accountId: personId, createdAt: now, ...own, ...data },
    });
  await deleteBrowsers(db, { personId, keep });
}

/** Of a person, the last seen first. `hash` is of the browser that asks. */
export async function listBrowsers(
  { personId, hash, now }: { personId: string; hash: string | null; now: Date },
  db: Db = prisma,
): Promise<BrowserItem[]> {
  const rows = await db.browserSession.findMany({
    where: { personId, expiresAt: { gt: now } },
    orderBy: [{ updatedAt: "desc" }, { id: "asc" }],
    take: 200,
  });
  return rows.map((row) => ({
    ...{ id: row.id, current: row.hash === hash },
    ...{ user_agent: row.userAgent || null, address: row.ipAddress || null },
    signed_in_at: row.createdAt.toISOString(),
    last_seen_at: row.updatedAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
  }));
}

/** False when the person has no such browser. */
export async function deleteBrowser(
  { personId, id }: { personId: string; id: string },
  db: Db = prisma,
): Promise<boolean> {
  const { count } = await db.browserSession.deleteMany({ where: { personId, id } });
  return count > 0;
}
