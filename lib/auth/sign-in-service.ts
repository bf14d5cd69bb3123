import { APIError } from "better-auth/api";
import type { Actor } from "@/lib/audit/schema";
import { record } from "@/lib/audit/service";
import { type Db, prisma } from "@/lib/db/client";
import { clientAddress } from "@/lib/http/client-address";
import { ADDRESS_HEADER, accounts, verifyPassword } from "./accounts";
import { actorOf } from "./actor";
import { countAttempt, forgetAttempts } from "./attempts";
import { readCookie } from "./cookie";
import { readKey } from "./keys-store";
import { Email } from "./people-schema";
import { readPasswordHash, readPersonByEmail } from "./people-store";
import { allows } from "./roles";
import { FIRST_WORKSPACE, SESSION_COOKIE, SESSION_DAYS, STEP_MINUTES } from "./schema";
import { readFactor, saveStep } from "./second-factor-store";
import { newSecret, sha256 } from "./secrets";
import { callerOfCookie } from "./service";
import { deleteBrowserSession, deleteEndedSessions, saveBrowserSession } from "./store";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What a password opens: the way in, or the step before it. `secret` is what that cookie is to hold. */
export type Opened = { kind: "in"; secret: string } | { kind: "step"; secret: string };
export type SignedIn = Opened | { kind: "refused" } | { kind: "wait"; seconds: number };

/** The answer and its time are the same for an unknown address and a wrong password. */
export async function signInWithPassword(
  { email, password }: { email: string; password: string },
  headers: Headers,
): Promise<SignedIn> {
  const attempt = {
    email: email.trim().toLowerCase().slice(0, 254),
    address: clientAddress(headers),
  };
  const seconds = await countAttempt(attempt);
  if (seconds !== null) return { kind: "wait", seconds };
  const opened = await openSession({ email: attempt.email, password }, headers);
  if (opened === null) {
    // What is no address may be a password in the wrong field.
    const name = Email.safeParse(attempt.email).data ?? null;
    await record(prisma, FIRST_WORKSPACE, { ...REFUSED, target: { id: null, name } });
    return { kind: "refused" };
  }
  await forgetAttempts(attempt);
  if (opened.kind === "in") await recordEntry(opened.secret, { reason: null });
  return opened;
}

type Credentials = { email: string; password: string };

/** Null where address or password are not right. */
export async function openSession(body: Credentials, headers: Headers): Promise<Opened | null> {
  const person = await readPersonByEmail(body.email);
  if (person && (await readFactor(person.id))) {
    const secret = await openStep(person.id, body.password, new Date());
    return secret === null ? null : { kind: "step", secret };
  }
  const secret = await openAtOnce(body, headers);
  return secret === null ? null : { kind: "in", secret };
}

/** For whoever has a second factor: the browser may give a code, and nothing else yet. */
async function openStep(personId: string, password: string, now: Date): Promise<string | null> {
  const hash = await readPasswordHash(personId);
  if (hash === null || !(await verifyPassword({ hash, password }))) return null;
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + STEP_MINUTES * MINUTE_MS);
  await saveStep({ hash: sha256(secret), personId, expiresAt }, now);
  return secret;
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
  if (!row || !allows(row.scopes, "admin")) {
    await record(prisma, FIRST_WORKSPACE, { ...REFUSED, reason: "by an API key" });
    return { kind: "refused" };
  }
  await forgetAttempts({ email: null, address });
  const owner = { workspace: row.workspace, keyId: row.id, personId: null };
  const secret = await makeSession(prisma, { owner, headers, now });
  await recordEntry(secret, { reason: `by the API key ${row.name}` });
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

export const UNKNOWN: Actor = { kind: "browser", id: null, label: "nobody known" };
const REFUSED = { action: "access.refused" as const, actor: UNKNOWN };

type How = { reason: string | null; after?: object };

/** Somebody has come in; it is said how, where it was not by a password alone. */
export async function recordEntry(secret: string, how: How): Promise<void> {
  const caller = await callerOfCookie(`${SESSION_COOKIE}=${secret}`, new Date());
  if (!caller) return;
  const actor = await actorOf(caller);
  await record(prisma, caller.workspace, { action: "access.signed_in", actor, ...how });
}

export async function signOut(cookieHeader: string | null): Promise<void> {
  const secret = readCookie(cookieHeader, SESSION_COOKIE);
  if (secret === null) return;
  const caller = await callerOfCookie(cookieHeader, new Date());
  await deleteBrowserSession(sha256(secret));
  if (!caller) return;
  const actor = await actorOf(caller);
  await record(prisma, caller.workspace, { action: "access.signed_out", actor });
}
