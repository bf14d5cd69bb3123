import { APIError } from "better-auth/api";
import { UNKNOWN } from "@/lib/audit/schema";
import { record } from "@/lib/audit/service";
import { type Db, prisma } from "@/lib/db/client";
import { clientAddress } from "@/lib/http/client-address";
import { ADDRESS_HEADER, accounts, verifyPassword } from "./accounts";
import { actorOf } from "./actor";
import { countAttempt, forgetAttempts } from "./attempts-service";
import { readCookie } from "./cookie";
import { readKey } from "./keys-store";
import { readKnown } from "./known-browser-service";
import { Email } from "./people-schema";
import { lockPerson, readPasswordHash, readPersonByEmail } from "./people-store";
import { allows } from "./roles";
import { FIRST_WORKSPACE, SESSION_COOKIE, SESSION_DAYS, STEP_MINUTES } from "./schema";
import { readFactor, saveStep } from "./second-factor-store";
import { newSecret, sha256 } from "./secrets";
import { callerOfCookie, isUsableFrom } from "./service";
import { deleteBrowserSession, deleteEndedSessions, saveBrowserSession } from "./store";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What a password opens: the way in, or the step before it. `secret` is what that cookie is to hold. */
export type Opened = { kind: "in"; secret: string } | { kind: "step"; secret: string };
/** `email`: whose it is, where it was a person. */
export type SignedIn =
  | (Opened & { email?: string })
  | { kind: "refused" }
  | { kind: "wait"; seconds: number };

/** The answer and its time are the same for an unknown address and a wrong password. */
export async function signInWithPassword(
  { email, password }: { email: string; password: string },
  headers: Headers,
): Promise<SignedIn> {
  const name = email.trim().toLowerCase().slice(0, 254);
  const known = await readKnown(headers, name);
  const attempt = { email: name, address: clientAddress(headers), known };
  const seconds = await countAttempt(attempt);
  if (seconds !== null) return { kind: "wait", seconds };
  const opened = await openSession({ email: name, password }, headers);
  if (opened === null) {
    // What is no address may be a password in the wrong field.
    const target = { id: null, name: Email.safeParse(name).data ?? null };
    await record(prisma, FIRST_WORKSPACE, { ...REFUSED, target });
    return { kind: "refused" };
  }
  await forgetAttempts(attempt);
  if (opened.kind === "in") await recordEntry(opened.secret, headers, { reason: null });
  return { ...opened, email: name };
}

type Credentials = { email: string; password: string };

/** Null where address or password are not right. */
export async function openSession(body: Credentials, headers: Headers): Promise<Opened | null> {
  const person = await readPersonByEmail(body.email);
  const hash = person && (await readPasswordHash(person.id));
  if (person && (await readFactor(person.id))) {
    const secret = await openStep({ personId: person.id, hash }, body.password, new Date());
    return secret === null ? null : { kind: "step", secret };
  }
  const secret = await openAtOnce(body, headers);
  if (secret === null || !person) return null;
  return (await isStillRight(person.id, hash, secret)) ? { kind: "in", secret } : null;
}

/**
 * For whoever has a second factor: the browser may give a code, and nothing else yet. A password that
 * was changed meanwhile opens nothing, for what it opens afterwards would not be ended by the change.
 */
async function openStep(
  { personId, hash }: { personId: string; hash: string | null },
  password: string,
  now: Date,
): Promise<string | null> {
  if (hash === null || !(await verifyPassword({ hash, password }))) return null;
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + STEP_MINUTES * MINUTE_MS);
  return prisma.$transaction(async (tx) => {
    await lockPerson(tx, personId, "share");
    if ((await readPasswordHash(personId, tx)) !== hash) return null;
    await saveStep({ hash: sha256(secret), personId, expiresAt }, now, tx);
    return secret;
  });
}

/**
 * Whether the password is still what it was before it was judged, and nothing beside it is asked for;
 * else the session ends. One that a change did not find to end it does not outlive the change.
 */
function isStillRight(personId: string, hash: string | null, secret: string): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    await lockPerson(tx, personId, "share");
    const isSame = (await readPasswordHash(personId, tx)) === hash;
    if (isSame && !(await readFactor(personId, tx))) return true;
    await deleteBrowserSession(sha256(secret), tx);
    return false;
  });
}

/** A session's secret, made by better-auth. */
async function openAtOnce(body: Credentials, headers: Headers): Promise<string | null> {
  const { api } = await accounts();
  const told = new Headers({ "user-agent": (headers.get("user-agent") ?? "").slice(0, 400) });
  const address = clientAddress(headers);
  if (address !== null) told.set(ADDRESS_HEADER, address);
  try {
    const { token } = await api.signInEmail({ body, headers: told });
    await deleteEndedSessions(new Date());
    return token;
  } catch (error) {
    if (error instanceof APIError && error.statusCode < 500) return null;
    throw error;
  }
}

/** With an admin key pasted by a person. Ending the key ends the session as well. */
export async function signInWithKey(
  key: string,
  headers: Headers,
  now = new Date(),
): Promise<SignedIn> {
  const address = clientAddress(headers);
  const seconds = await countAttempt({ email: null, address });
  if (seconds !== null) return { kind: "wait", seconds };
  const row = await readKey(sha256(key.trim()), now);
  if (!row || !allows(row.scopes, "admin") || !isUsableFrom(row, headers)) {
    const which = row ? `by the API key ${row.name}` : "by an API key";
    await record(prisma, FIRST_WORKSPACE, { ...REFUSED, reason: which });
    return { kind: "refused" };
  }
  await forgetAttempts({ email: null, address });
  const owner = { workspace: row.workspace, keyId: row.id, personId: null };
  const secret = await makeSession(prisma, { owner, headers, now });
  await recordEntry(secret, headers, { reason: `by the API key ${row.name}` });
  return { kind: "in", secret };
}

type NewSession = {
  owner: { workspace: string; keyId: string | null; personId: string | null };
  headers: Headers;
  now: Date;
  byProvider?: boolean;
};

/** A session that better-auth has no part in: its secret. */
export async function makeSession(
  db: Db,
  { owner, headers, now, byProvider = false }: NewSession,
): Promise<string> {
  const secret = newSecret();
  await deleteEndedSessions(now, db);
  const session = {
    ...{ hash: sha256(secret), ...owner, byProvider, ipAddress: clientAddress(headers) },
    userAgent: headers.get("user-agent")?.slice(0, 400) ?? null,
    ...{ createdAt: now, expiresAt: new Date(now.getTime() + SESSION_DAYS * DAY_MS) },
  };
  await saveBrowserSession(session, db);
  return secret;
}

const REFUSED = { action: "access.refused" as const, actor: UNKNOWN };

type How = { reason: string | null; after?: object };

/** Somebody has come in; it is said how, where it was not by a password alone. */
export async function recordEntry(secret: string, headers: Headers, how: How): Promise<void> {
  const next = new Headers(headers);
  next.set("cookie", `${SESSION_COOKIE}=${secret}`);
  const caller = await callerOfCookie(next, new Date());
  if (!caller) return;
  const actor = await actorOf(caller);
  await record(prisma, caller.workspace, { action: "access.signed_in", actor, ...how });
}

export async function signOut(headers: Headers): Promise<void> {
  const secret = readCookie(headers.get("cookie"), SESSION_COOKIE);
  if (secret === null) return;
  const caller = await callerOfCookie(headers, new Date());
  await deleteBrowserSession(sha256(secret));
  if (!caller) return;
  const actor = await actorOf(caller);
  await record(prisma, caller.workspace, { action: "access.signed_out", actor });
}
