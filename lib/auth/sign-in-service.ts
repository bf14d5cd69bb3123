import { APIError } from "better-auth/api";
import type { Actor } from "@/lib/audit/schema";
import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { clientAddress } from "@/lib/http/client-address";
import { ADDRESS_HEADER, accounts } from "./accounts";
import { actorOf } from "./actor";
import { countAttempt, forgetAttempts } from "./attempts";
import { readCookie } from "./cookie";
import { readKey } from "./keys-store";
import { Email } from "./people-schema";
import { allows } from "./roles";
import { FIRST_WORKSPACE, SESSION_COOKIE, SESSION_DAYS } from "./schema";
import { newSecret, sha256 } from "./secrets";
import { callerOfCookie } from "./service";
import { deleteBrowserSession, deleteEndedSessions, saveBrowserSession } from "./store";

const DAY_MS = 86_400_000;

/** `secret` is what the browser's cookie is to hold. */
export type SignedIn =
  | { kind: "in"; secret: string }
  | { kind: "refused" }
  | { kind: "wait"; seconds: number };

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
  const secret = await openSession({ email: attempt.email, password }, headers);
  if (secret === null) {
    // What is no address may be a password in the wrong field.
    const name = Email.safeParse(attempt.email).data ?? null;
    await record(prisma, FIRST_WORKSPACE, { ...REFUSED, target: { id: null, name } });
    return { kind: "refused" };
  }
  await forgetAttempts(attempt);
  await recordEntry(secret);
  return { kind: "in", secret };
}

/** A session's secret, made by better-auth; null where address or password are not right. */
export async function openSession(
  body: { email: string; password: string },
  headers: Headers,
): Promise<string | null> {
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
  const secret = newSecret();
  await deleteEndedSessions(now);
  await saveBrowserSession({
    ...{ hash: sha256(secret), workspace: row.workspace, keyId: row.id },
    ...{ ipAddress: address, userAgent: headers.get("user-agent")?.slice(0, 400) ?? null },
    ...{ createdAt: now, expiresAt: new Date(now.getTime() + SESSION_DAYS * DAY_MS) },
  });
  await recordEntry(secret, row.name);
  return { kind: "in", secret };
}

const UNKNOWN: Actor = { kind: "browser", id: null, label: "nobody known" };
const REFUSED = { action: "access.refused" as const, actor: UNKNOWN };

/** Somebody has come in, with the key of that name if not by themselves. */
async function recordEntry(secret: string, keyName?: string): Promise<void> {
  const caller = await callerOfCookie(`${SESSION_COOKIE}=${secret}`, new Date());
  if (!caller) return;
  await record(prisma, caller.workspace, {
    ...{ action: "access.signed_in", actor: await actorOf(caller) },
    reason: keyName === undefined ? null : `by the API key ${keyName}`,
  });
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
