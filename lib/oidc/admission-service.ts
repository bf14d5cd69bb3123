import { record } from "@/lib/audit/service";
import { actorOfPerson } from "@/lib/auth/actor";
import { claimLink, deleteLinksOf, readOpenInvitation } from "@/lib/auth/link-store";
import {
  deleteBrowsers,
  lockMember,
  lockOtherAdmins,
  markMember,
  readPerson,
  readPersonByEmail,
  savePerson,
} from "@/lib/auth/people-store";
import { accountKey, deleteRemoved, wasRemoved } from "@/lib/auth/removed-store";
import { type Role, roleOf } from "@/lib/auth/roles";
import { type CallingPerson, FIRST_WORKSPACE } from "@/lib/auth/schema";
import type { Db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { lockAccounts, readOwner, saveOwner } from "./account-store";
import { type Identity, isOfDomain } from "./identity";
import type { Refusal } from "./schema";

type Coming = { issuer: string; identity: Identity; now: Date };
type Admitted = { personId: string } | { refused: Refusal };
type Known = CallingPerson & { role: Role; mayOpen: boolean };

const workspace = FIRST_WORKSPACE;

/** Who somebody from the provider is here: known, linked by a verified address, new, or not let in. */
export async function admitPerson(db: Db, coming: Coming): Promise<Admitted> {
  await lockAccounts(db);
  const { issuer, identity } = coming;
  const domains = env.WATCHKEEPER_OIDC_ALLOWED_DOMAINS;
  const owner = await readKnown(db, await readOwner({ issuer, sub: identity.sub }, db));
  if (owner) {
    if (!isOfDomain(identity.email ?? owner.email, domains)) return { refused: "domain" };
    return follow(db, owner, identity);
  }
  const { email } = identity;
  if (email === null) return { refused: "unverified" };
  if (!isOfDomain(email, domains)) return { refused: "domain" };
  const known = await readKnown(db, (await readPersonByEmail(email, db))?.id ?? null);
  return known ? link(db, known, coming) : join(db, email, coming);
}

async function readKnown(db: Db, id: string | null): Promise<Known | null> {
  return id === null ? null : readPerson({ workspace, id }, db);
}

/** Somebody who came by a password until now: from here on both are ways in. */
async function link(db: Db, known: Known, { issuer, identity }: Coming): Promise<Admitted> {
  const followed = await follow(db, known, identity);
  if ("refused" in followed) return followed;
  await saveOwner(db, { issuer, sub: identity.sub }, known.id);
  await record(db, workspace, {
    ...{ action: "access.provider_linked", actor: actorOfPerson(known) },
    ...{ target: { id: known.id, name: known.email }, after: { issuer } },
  });
  return followed;
}

/** Somebody new, by an invitation or with the role that the environment gives. */
async function join(db: Db, email: string, { issuer, identity, now }: Coming): Promise<Admitted> {
  const account = { issuer, sub: identity.sub };
  const removedBy = [email, accountKey(issuer, identity.sub)];
  const invitation = await readOpenInvitation({ workspace, email, now }, db);
  if (!invitation && (await wasRemoved(db, workspace, removedBy))) return { refused: "removed" };
  const given = roleOf(invitation?.role ?? env.WATCHKEEPER_OIDC_ROLE);
  if (given === null) return { refused: "uninvited" };
  const role = wantedOf(identity) ?? given;
  if (role === "none") return { refused: "unassigned" };
  if (invitation) await claimLink(db, { id: invitation.id, now });
  const name = identity.name ?? email.slice(0, email.indexOf("@"));
  const saved = await savePerson(db, { workspace, email, name, role, passwordHash: null, now });
  await saveOwner(db, account, saved.id);
  await deleteRemoved(db, workspace, removedBy);
  await record(db, workspace, {
    ...{ action: "person.joined", actor: actorOfPerson(saved) },
    ...{ target: { id: saved.id, name: email }, after: { role, how: "oidc" } },
  });
  return { personId: saved.id };
}

/** What a claim that decides gives: the environment's role to whom it names none; null without such a claim. */
const wantedOf = ({ role }: Identity) =>
  role === "none" ? (roleOf(env.WATCHKEEPER_OIDC_ROLE) ?? "none") : role;

/**
 * Where a claim names roles it decides at every sign-in, but never takes the last admin away. Whom it
 * gives none is signed out everywhere and may do the least from then on, for a password lets in as well.
 */
async function follow(db: Db, known: Known, identity: Identity): Promise<Admitted> {
  const admitted = { personId: known.id };
  const wanted = wantedOf(identity);
  if (wanted === null || wanted === known.role) return admitted;
  const key = { workspace, id: known.id };
  const others = await lockOtherAdmins(db, key);
  const person = await lockMember(db, key);
  if (!person || (others === 0 && person.role === "admin")) return admitted;
  const after =
    wanted === "none" ? { role: LEAST, mayOpen: false } : { role: wanted, mayOpen: person.mayOpen };
  if (person.role !== after.role || person.mayOpen !== after.mayOpen)
    await changeRole(db, person, after);
  if (wanted !== "none") return admitted;
  await deleteBrowsers(db, { personId: person.id, keep: null });
  return { refused: "unassigned" };
}

const LEAST: Role = "cost";

async function changeRole(
  db: Db,
  { id, email, role, mayOpen }: Known,
  after: { role: Role; mayOpen: boolean },
): Promise<void> {
  await markMember(db, { workspace, id }, after);
  if (role === "admin") await deleteLinksOf(db, { workspace, personId: id });
  await record(db, workspace, {
    ...{ action: "person.changed", target: { id, name: email } },
    before: { role, may_open: mayOpen },
    after: { role: after.role, may_open: after.mayOpen },
    reason: "as the provider has it",
  });
}
