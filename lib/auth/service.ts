import { env } from "@/lib/env";
import { AppError } from "@/lib/http/errors";
import { readCookie } from "./cookie";
import { isSameOrigin } from "./origin";
import {
  type Caller,
  FIRST_WORKSPACE,
  type KeyCreated,
  type NewKey,
  SESSION_COOKIE,
  SESSION_DAYS,
  SETUP_LINK_HOURS,
} from "./schema";
import { allows } from "./scopes";
import { keyPrefix, newId, newKey, newSecret, sha256 } from "./secrets";
import {
  claimSetupLink,
  countAdminKeys,
  deleteBrowserSession,
  markFirstAccess,
  markKeyUsed,
  readBrowserSession,
  readFirstAccess,
  readKey,
  readKeyName,
  saveBrowserSession,
  saveKey,
  saveKeyOnce,
  saveSetupLink,
  saveWorkspaceOnce,
} from "./store";

const MINUTE_MS = 60_000;

/**
 * Whom a request is let in for: by its bearer key, else by its cookie; null when by neither.
 * A change by cookie must come from one of our own pages.
 */
export async function authenticate(request: Request, now = new Date()): Promise<Caller | null> {
  const header = request.headers.get("authorization");
  if (header !== null) {
    const key = /^Bearer\s+(wk_\S{1,500})$/i.exec(header.trim())?.[1];
    return key === undefined ? null : callerOfKey(key, now);
  }
  const caller = await callerOfCookie(request.headers.get("cookie"), now);
  const changes = !["GET", "HEAD", "OPTIONS"].includes(request.method);
  if (caller && changes && !isSameOrigin(request.headers, env.WATCHKEEPER_PUBLIC_URL ?? null))
    throw new AppError(
      "forbidden",
      "A change made with a browser's cookie must come from this site.",
    );
  return caller;
}

export async function callerOfCookie(header: string | null, now: Date): Promise<Caller | null> {
  const secret = readCookie(header, SESSION_COOKIE);
  const session = secret === null ? null : await readBrowserSession(sha256(secret), now);
  if (!session) return null;
  return { workspace: session.workspace, scopes: ["admin"], via: "cookie", keyId: null };
}

async function callerOfKey(key: string, now: Date): Promise<Caller | null> {
  const row = await readKey(sha256(key));
  if (!row) return null;
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > MINUTE_MS)
    await markKeyUsed(row.id, now);
  return { workspace: row.workspace, scopes: row.scopes, via: "key", keyId: row.id };
}

/**
 * Makes the first way in, after migrations: the first workspace, the key of
 * `WATCHKEEPER_INIT_API_KEY`, and, while nobody can come in yet, a one-time link.
 * Returns that link's path, or null when it is not needed.
 */
export async function ensureFirstAccess(now = new Date()): Promise<string | null> {
  await saveWorkspaceOnce(FIRST_WORKSPACE);
  const given = env.WATCHKEEPER_INIT_API_KEY;
  if (given !== undefined)
    await saveKeyOnce(
      {
        id: newId("key"),
        workspace: FIRST_WORKSPACE,
        name: "WATCHKEEPER_INIT_API_KEY",
        prefix: keyPrefix(given),
        hash: sha256(given),
        scopes: ["admin"],
      },
      now,
    );
  if ((await readFirstAccess(FIRST_WORKSPACE)) || (await countAdminKeys()) > 0) return null;
  return createSetupLink(now);
}

/** A fresh one-time link's path; an earlier one stops working. */
export async function createSetupLink(now = new Date()): Promise<string> {
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + SETUP_LINK_HOURS * 60 * MINUTE_MS);
  await saveSetupLink({ workspace: FIRST_WORKSPACE, hash: sha256(token), expiresAt });
  return `/setup?token=${token}`;
}

/** The cookie's secret for a set-up token, which is used up by this; null when it is not good. */
export async function consumeSetupToken(token: string, now = new Date()): Promise<string | null> {
  const hash = sha256(token);
  const claimed = await claimSetupLink({ workspace: FIRST_WORKSPACE, hash, now });
  return claimed ? openBrowserSession(FIRST_WORKSPACE, now) : null;
}

/** The cookie's secret for an admin key pasted by a person; null for any other text. */
export async function signInWithKey(key: string, now = new Date()): Promise<string | null> {
  const row = await readKey(sha256(key.trim()));
  return row && allows(row.scopes, "admin") ? openBrowserSession(row.workspace, now) : null;
}

async function openBrowserSession(workspace: string, now: Date): Promise<string> {
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + SESSION_DAYS * 24 * 60 * MINUTE_MS);
  const hash = sha256(secret);
  await saveBrowserSession({ hash, workspace, role: "admin", createdAt: now, expiresAt });
  await markFirstAccess(workspace, now);
  return secret;
}

export async function signOut(cookieHeader: string | null): Promise<void> {
  const secret = readCookie(cookieHeader, SESSION_COOKIE);
  if (secret !== null) await deleteBrowserSession(sha256(secret));
}

/** The only time the key itself is told. */
export async function createKey(
  workspace: string,
  wanted: NewKey,
  now = new Date(),
): Promise<KeyCreated> {
  const key = newKey();
  const scopes = [...new Set(wanted.scopes)];
  const row = { id: newId("key"), workspace, name: wanted.name, prefix: keyPrefix(key), scopes };
  await saveKey({ ...row, hash: sha256(key) }, now);
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes,
    created_at: now.toISOString(),
    last_used_at: null,
    key,
  };
}

/** Who it was, for what is kept of a change: the name of the API key, or `browser`. */
export async function authorOf({ keyId }: Pick<Caller, "keyId">): Promise<string> {
  return keyId === null ? "browser" : ((await readKeyName(keyId)) ?? keyId);
}

/** Whether cookies must be marked `Secure`: the browser reached us by https. */
export function isHttps(headers: Headers): boolean {
  if (env.WATCHKEEPER_PUBLIC_URL?.startsWith("https://")) return true;
  return headers.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https";
}
