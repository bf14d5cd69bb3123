import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { clientAddress } from "@/lib/http/client-address";
import { AppError, invalidField } from "@/lib/http/errors";
import { hashPassword, verifyPassword } from "./accounts";
import { countAttempt, forgetAttempts } from "./attempts-service";
import { readCookie } from "./cookie";
import { writeLink } from "./link-service";
import { deleteInvitation, listInvitations } from "./link-store";
import { problemOf } from "./password-service";
import { PASSWORD_PROBLEMS } from "./passwords";
import type {
  Account,
  NewInvitation,
  OneTimeLink,
  PasswordChange,
  PeopleAnswer,
} from "./people-schema";
import {
  deleteBrowser,
  listBrowsers,
  listPeople,
  markPassword,
  readPasswordHash,
  readPerson,
  readPersonByEmail,
} from "./people-store";
import type { Role } from "./roles";
import { type Caller, SESSION_COOKIE } from "./schema";
import { isRequiredOf } from "./second-factor";
import { readFactor, readSignInSettings } from "./second-factor-store";
import { sha256 } from "./secrets";
import { makerOf } from "./service";

/** A link for a new password is not left lying about as long as an invitation. */
const PASSWORD_LINK_HOURS = 24;

type PersonKey = { workspace: string; id: string };

export async function readPeople(workspace: string, now = new Date()): Promise<PeopleAnswer> {
  const [data, invitations] = await Promise.all([
    listPeople(workspace, now),
    listInvitations(workspace, now),
  ]);
  return { data, invitations, next_cursor: null };
}

/** A link for somebody new; an earlier one for the same address stops working. */
export async function invite(
  caller: Caller,
  { email, role, expires_in_hours }: NewInvitation,
  now = new Date(),
): Promise<OneTimeLink> {
  if (await readPersonByEmail(email))
    throw new AppError("conflict", `${email} is here already; change the role in the list.`, {
      issues: [{ path: "email", message: "is here already" }],
    });
  const wanted = { kind: "invitation" as const, email, role, personId: null };
  return makeLink(caller, { ...wanted, hours: expires_in_hours }, now);
}

/** A link by which a person sets a new password; a password that is known goes on working until then. */
export async function makePasswordLink(
  caller: Caller,
  id: string,
  now = new Date(),
): Promise<OneTimeLink> {
  const { email } = await findPerson({ workspace: caller.workspace, id });
  const wanted = { kind: "password" as const, email, role: null, personId: id };
  return makeLink(caller, { ...wanted, hours: PASSWORD_LINK_HOURS }, now);
}

type Wanted = {
  kind: "invitation" | "password";
  email: string;
  role: Role | null;
  personId: string | null;
  hours: number;
};

async function makeLink(caller: Caller, wanted: Wanted, now: Date): Promise<OneTimeLink> {
  const by = { workspace: caller.workspace, ...(await makerOf(caller)) };
  return prisma.$transaction(async (tx) => {
    const made = await writeLink(tx, { ...by, ...wanted }, now);
    const { kind, email, role, personId } = wanted;
    await record(tx, caller.workspace, {
      action: kind === "invitation" ? "person.invited" : "person.link_made",
      target: { id: personId ?? made.id, name: email },
      after: { ...(role ? { role } : {}), expires_at: made.expires_at },
    });
    return made;
  });
}

export async function endInvitation({ workspace }: Caller, id: string): Promise<undefined> {
  if (!(await deleteInvitation({ workspace, id })))
    throw new AppError("not_found", "There is no such invitation open.");
  return undefined;
}

export async function findPerson(key: PersonKey) {
  const person = await readPerson(key);
  if (!person) throw new AppError("not_found", "There is no such person.");
  return person;
}

export async function readAccount(
  caller: Caller,
  cookieHeader: string | null,
  now = new Date(),
): Promise<Account> {
  const { workspace } = caller;
  if (!caller.person) return { person: null, browsers: [], second_factor: null };
  const { id } = caller.person;
  const [{ mayOpen: _, ...person }, passwordHash, browsers, factor, settings] = await Promise.all([
    findPerson({ workspace, id }),
    readPasswordHash(id),
    listBrowsers({ personId: id, hash: browserHash(cookieHeader), now }),
    readFactor(id),
    readSignInSettings(workspace),
  ]);
  const second_factor = {
    since: factor?.since.toISOString() ?? null,
    backup_codes: factor?.backupCodes ?? 0,
    required: isRequiredOf(person.role, settings.second_factor),
  };
  const has_password = passwordHash !== null;
  return { person: { ...person, has_password }, browsers, second_factor };
}

/** What is stored of the browser's own session, or null where there is none. */
export function browserHash(cookieHeader: string | null): string | null {
  const secret = readCookie(cookieHeader, SESSION_COOKIE);
  return secret === null ? null : sha256(secret);
}

/** Signs a browser of one's own out. */
export async function endBrowser(caller: Caller, id: string): Promise<undefined> {
  const person = personOf(caller);
  if (!(await deleteBrowser({ personId: person.id, id })))
    throw new AppError("not_found", "No such browser of yours is signed in.");
  return undefined;
}

/** Every other browser of the person is signed out. */
export async function changePassword(
  caller: Caller,
  { current, password }: PasswordChange,
  headers: Headers,
): Promise<undefined> {
  const { id, email, name } = personOf(caller);
  await confirmPassword(caller, current, { headers, field: "current" });
  const problem = await problemOf(password, [email, name]);
  if (problem) throw invalidField("password", PASSWORD_PROBLEMS[problem]);
  const keep = browserHash(headers.get("cookie"));
  const passwordHash = await hashPassword(password);
  await prisma.$transaction(async (tx) => {
    await markPassword(tx, { personId: id, passwordHash, now: new Date(), keep });
    await record(tx, caller.workspace, {
      ...{ action: "access.password_set", target: { id, name: email } },
    });
  });
  return undefined;
}

/** That it is the person who asks, and not whoever found their browser open. `field` names a wrong one. */
export async function confirmPassword(
  caller: Caller,
  password: string,
  { headers, field }: { headers: Headers; field: string },
): Promise<void> {
  const { id, email } = personOf(caller);
  const attempt = { email, address: clientAddress(headers) };
  const retryAfterSeconds = await countAttempt(attempt);
  if (retryAfterSeconds !== null)
    throw new AppError("rate_limited", "Too many attempts; wait a few minutes.", {
      retryAfterSeconds,
    });
  const hash = await readPasswordHash(id);
  if (hash === null)
    throw new AppError(
      "conflict",
      "You have no password here; a link for a new one sets the first.",
    );
  if (!(await verifyPassword({ hash, password }))) {
    const reason = "a wrong password in a browser that is signed in";
    await record(prisma, caller.workspace, {
      ...{ action: "access.refused", target: { id, name: email }, reason },
    });
    throw invalidField(field, "this is not your password");
  }
  await forgetAttempts(attempt);
}

export function personOf({ person }: Caller) {
  if (person) return person;
  throw new AppError("forbidden", "This is for people who signed in with their e-mail address.");
}
