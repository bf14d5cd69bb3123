import { record } from "@/lib/audit/service";
import { type Db, prisma } from "@/lib/db/client";
import { AppError } from "@/lib/http/errors";
import { closeAllOf } from "./break-glass-store";
import { listKeysOf, markKeysRevoked } from "./keys-store";
import { deleteLinksOf } from "./link-store";
import type { KeysOfLeaver, PeopleAnswer, PersonPatch } from "./people-schema";
import { readPeople } from "./people-service";
import { deletePerson, lockMember, lockOtherAdmins, markMember } from "./people-store";
import type { Caller } from "./schema";
import { authorOf } from "./service";

/** Takes effect with the person's next request. */
export async function changePerson(
  caller: Caller,
  id: string,
  { keys, ...patch }: PersonPatch,
  now = new Date(),
): Promise<PeopleAnswer> {
  const { workspace } = caller;
  const key = { workspace, id };
  const by = await authorOf(caller);
  await prisma.$transaction(async (tx) => {
    const { person, isLastAdmin } = await lockBoth(tx, key);
    const role = patch.role ?? person.role;
    const mayOpen = patch.may_open ?? person.mayOpen;
    if (isLastAdmin && role !== "admin") throw lastAdmin();
    await markMember(tx, key, { role, mayOpen });
    if (!mayOpen) await closeAllOf(tx, { workspace, personId: id, now, by });
    if (person.role === "admin" && role !== "admin")
      await endWaysIn(tx, person, { workspace, keys, now });
    await record(tx, workspace, {
      ...{ action: "person.changed", target: { id, name: person.email } },
      before: { role: person.role, may_open: person.mayOpen },
      after: { role, may_open: mayOpen },
    });
  });
  return readPeople(workspace);
}

/** Signed out everywhere at once, and gone. */
export async function removePerson(
  caller: Caller,
  id: string,
  { keys }: KeysOfLeaver,
  now = new Date(),
): Promise<undefined> {
  const { workspace } = caller;
  const key = { workspace, id };
  const by = await authorOf(caller);
  await prisma.$transaction(async (tx) => {
    const { person, isLastAdmin } = await lockBoth(tx, key);
    const { role, email } = person;
    if (isLastAdmin) throw lastAdmin();
    await endWaysIn(tx, person, { workspace, keys, now });
    await closeAllOf(tx, { workspace, personId: id, now, by });
    await deletePerson(tx, key);
    const target = { id, name: email };
    await record(tx, workspace, { action: "person.removed", target, before: { role } });
  });
  return undefined;
}

/** The person as they are now: what another admin has just taken away is not written back. Throws `not_found`. */
async function lockBoth(tx: Db, key: { workspace: string; id: string }) {
  const others = await lockOtherAdmins(tx, key);
  const person = await lockMember(tx, key);
  if (!person) throw missing();
  return { person, isLastAdmin: others === 0 && person.role === "admin" };
}

type Leaving = { workspace: string; keys: KeysOfLeaver["keys"]; now: Date };

/**
 * What an admin has made to come in by outlives nobody's rights unseen: links that nobody has used end;
 * of API keys in use, on which programs may stand, somebody has to say. Throws `conflict` until they do.
 */
async function endWaysIn(
  tx: Db,
  { id, email }: { id: string; email: string },
  { workspace, keys, now }: Leaving,
): Promise<void> {
  await deleteLinksOf(tx, { workspace, personId: id });
  const maker = { workspace, personId: id, now };
  const made = await listKeysOf(tx, maker);
  if (made.length === 0 || keys === "keep") return;
  if (keys === undefined) throw undecided(email, made);
  await markKeysRevoked(tx, maker);
  for (const target of made)
    await record(tx, workspace, {
      ...{ action: "key.revoked", target, reason: `made by ${email}, who has left the admins` },
    });
}

function undecided(email: string, made: readonly { name: string }[]): AppError {
  const names = made.slice(0, 5).map(({ name }) => name);
  const more = made.length > names.length ? ", …" : "";
  return new AppError(
    "conflict",
    `${email} has made API keys that are in use (${names.join(", ")}${more}); say with keys=revoke or keys=keep what becomes of them.`,
    { issues: [{ path: "keys", message: "expected revoke or keep" }] },
  );
}

const missing = () => new AppError("not_found", "There is no such person.");
const lastAdmin = () =>
  new AppError("conflict", "This is the last admin; make somebody else an admin first.");
