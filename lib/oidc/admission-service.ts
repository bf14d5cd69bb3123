import { record } from "@/lib/audit/service";
import { actorOfPerson } from "@/lib/auth/actor";
import { claimLink, readOpenInvitation } from "@/lib/auth/link-store";
import {
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
    await followRole(db, owner, identity.role);
    return { personId: owner.id };
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
  await saveOwner(db, { issuer, sub: identity.sub }, known.id);
  await record(db, workspace, {
    ...{ action: "access.provider_linked", actor: actorOfPerson(known) },
    ...{ target: { id: known.id, name: known.email }, after: { issuer } },
  });
  await followRole(db, known, identity.role);
  return { personId: known.id };
}

/** Somebody new, by an invitation or with the role that the environment gives. */
async function join(db: Db, email: string, { issuer, identity, now }: Coming): Promise<Admitted> {
  const account = { issuer, sub: identity.sub };
  const removedBy = [email, accountKey(issuer, identity.sub)];
  const invitation = await readOpenInvitation({ workspace, email, now }, db);
  if (!invitation && (await wasRemoved(db, workspace, removedBy))) return { refused: "removed" };
  const given = roleOf(invitation?.role ?? env.WATCHKEEPER_OIDC_ROLE);
  if (given === null) return { refused: "uninvited" };
  const role = identity.role ?? given;
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

/** Where a claim names roles it decides at every sign-in, but never takes the last admin away. */
async function followRole(db: Db, known: Known, wanted: Role | null): Promise<void> {
  const { id, email, role, mayOpen } = known;
  if (wanted === null || wanted === role) return;
  const key = { workspace, id };
  if ((await lockOtherAdmins(db, key)) === 0 && role === "admin") return;
  await markMember(db, key, { role: wanted, mayOpen });
  await record(db, workspace, {
    ...{ action: "person.changed", target: { id, name: email } },
    ...{ before: { role }, after: { role: wanted }, reason: "as the provider has it" },
  });
}
