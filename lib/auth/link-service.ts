import type { Action } from "@/lib/audit/actions";
import { record } from "@/lib/audit/service";
import { type Db, prisma } from "@/lib/db/client";
import { hashPassword } from "./accounts";
import { actorOfPerson } from "./actor";
import { claimLink, type LinkRow, readLink, saveLink } from "./link-store";
import { problemOf } from "./password-service";
import type { PasswordProblem } from "./passwords";
import { Email, type OneTimeLink, PersonName } from "./people-schema";
import { markPassword, readPerson, readPersonByEmail, savePerson } from "./people-store";
import { type Role, roleOf } from "./roles";
import { FIRST_WORKSPACE } from "./schema";
import { newId, newSecret, sha256 } from "./secrets";
import { claimSetupLink, isSetupLinkGood } from "./store";

const HOUR_MS = 3_600_000;

type Wanted = Omit<LinkRow, "id" | "hash" | "createdAt" | "expiresAt">;

/** A link with its secret, which only this answer knows. */
export async function writeLink(
  db: Db,
  { hours, ...wanted }: Wanted & { hours: number },
  now: Date,
): Promise<OneTimeLink> {
  const secret = newSecret();
  const id = newId("link");
  const expiresAt = new Date(now.getTime() + hours * HOUR_MS);
  await saveLink(db, { id, hash: sha256(secret), ...wanted, createdAt: now, expiresAt });
  const page = wanted.kind === "invitation" ? "/invitation" : "/new-password";
  return { id, link: `${page}?token=${secret}`, expires_at: expiresAt.toISOString() };
}

/** What came of a form that sets a password: whose it is now, or what to put right. */
export type Entered = { email: string } | { problem: PasswordProblem | "link" | "email" | "name" };

type Written = { name: string; password: string };

/** What a page says of a link before it is used; null for one that does not work. */
export async function readInvitation(
  token: string,
  now = new Date(),
): Promise<{ email: string; role: Role } | null> {
  const link = await readLink({ kind: "invitation", hash: sha256(token), now });
  const role = roleOf(link?.role ?? "");
  return link && role ? { email: link.email, role } : null;
}

export async function readPasswordLink(
  token: string,
  now = new Date(),
): Promise<{ email: string } | null> {
  return readLink({ kind: "password", hash: sha256(token), now });
}

/** The first admin, by the set-up link, which is used up by this. */
export async function setUp(
  { token, email, name, password }: Written & { token: string; email: string },
  now = new Date(),
): Promise<Entered> {
  const link = { workspace: FIRST_WORKSPACE, hash: sha256(token), now };
  // Before anything else: without one, nobody learns who is here or has a password hashed.
  if (!(await isSetupLinkGood(link))) return { problem: "link" };
  const address = Email.safeParse(email);
  if (!address.success || (await readPersonByEmail(address.data))) return { problem: "email" };
  const person = { workspace: FIRST_WORKSPACE, email: address.data, role: "admin" as const };
  const action = "access.set_up" as const;
  return enter({ ...person, name, password, now, action }, (tx) => claimSetupLink(link, tx));
}

/** Somebody invited comes in, once. */
export async function acceptInvitation(
  { token, name, password }: Written & { token: string },
  now = new Date(),
): Promise<Entered> {
  const link = await readLink({ kind: "invitation", hash: sha256(token), now });
  const role = roleOf(link?.role ?? "");
  if (!link || !role || (await readPersonByEmail(link.email))) return { problem: "link" };
  const person = { workspace: link.workspace, email: link.email, role };
  const action = "person.joined" as const;
  const claim = (tx: Db) => claimLink(tx, { id: link.id, now });
  return enter({ ...person, name, password, now, action }, claim);
}

type Entering = Written & {
  workspace: string;
  email: string;
  role: Role;
  now: Date;
  action: Action;
};

/** Nothing is used up by what cannot be taken. */
async function enter(
  { password, action, ...person }: Entering,
  claim: (tx: Db) => Promise<boolean>,
): Promise<Entered> {
  const name = PersonName.safeParse(person.name);
  if (!name.success) return { problem: "name" };
  const problem = await problemOf(password, [person.email, name.data]);
  if (problem) return { problem };
  const passwordHash = await hashPassword(password);
  return prisma.$transaction(async (tx): Promise<Entered> => {
    if (!(await claim(tx))) return { problem: "link" };
    const saved = await savePerson(tx, { ...person, name: name.data, passwordHash });
    await record(tx, person.workspace, {
      ...{ action, actor: actorOfPerson(saved) },
      ...{ target: { id: saved.id, name: saved.email }, after: { role: person.role } },
    });
    return { email: person.email };
  });
}

/** A new password by a link; every browser of the person is signed out. */
export async function acceptPassword(
  { token, password }: { token: string; password: string },
  now = new Date(),
): Promise<Entered> {
  const link = await readLink({ kind: "password", hash: sha256(token), now });
  const personId = link?.personId ?? null;
  const key = link && personId !== null ? { workspace: link.workspace, id: personId } : null;
  const person = key && (await readPerson(key));
  if (!link || !person) return { problem: "link" };
  const problem = await problemOf(password, [person.email, person.name]);
  if (problem) return { problem };
  const passwordHash = await hashPassword(password);
  return prisma.$transaction(async (tx): Promise<Entered> => {
    if (!(await claimLink(tx, { id: link.id, now }))) return { problem: "link" };
    await markPassword(tx, { personId: person.id, passwordHash, now, keep: null });
    await record(tx, link.workspace, {
      ...{ action: "access.password_set", actor: actorOfPerson(person) },
      ...{ target: { id: person.id, name: person.email }, reason: "by a link" },
    });
    return { email: person.email };
  });
}
