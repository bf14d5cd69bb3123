import { env } from "@/lib/env";
import { isAddressWithin, parseBlocks } from "@/lib/http/addresses";
import { clientAddress } from "@/lib/http/client-address";
import { AppError } from "@/lib/http/errors";
import { readOpenOf } from "./break-glass-store";
import { readCookie } from "./cookie";
import { ensureFirstPerson } from "./first-person-service";
import { keyRow } from "./keys-service";
import {
  countAdminKeys,
  markKeyUsed,
  readKey,
  readKeyById,
  readKeyName,
  saveKeyOnce,
} from "./keys-store";
import { isSameOrigin } from "./origin";
import { countPeople, readPerson } from "./people-store";
import { hidesContent, scopesOf } from "./roles";
import { type Caller, FIRST_WORKSPACE, SESSION_COOKIE, SETUP_LINK_HOURS } from "./schema";
import { isRequiredOf } from "./second-factor";
import { readStanding } from "./second-factor-store";
import { newSecret, sha256 } from "./secrets";
import {
  type BrowserRow,
  markBrowserSeen,
  readBrowserSession,
  saveSetupLink,
  saveWorkspaceOnce,
} from "./store";

const MINUTE_MS = 60_000;
const SEEN_MS = 5 * MINUTE_MS;

/**
 * Whom a request is let in for: by its bearer key, else by its cookie; null when by neither.
 * A change by cookie must come from one of our own pages.
 */
export async function authenticate(request: Request, now = new Date()): Promise<Caller | null> {
  const header = request.headers.get("authorization");
  if (header !== null) {
    const key = /^Bearer\s+(wk_\S{1,500})$/i.exec(header.trim())?.[1];
    return key === undefined ? null : callerOfKey(key, request.headers, now);
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
  const caller = await callerOf(session, now);
  if (caller && now.getTime() - session.updatedAt.getTime() > SEEN_MS)
    await markBrowserSeen(session.id, now).catch(unwritten);
  return caller;
}

/** That somebody came is not kept where nothing can be written; they are let in to read all the same. */
const unwritten = () => {};

/** Null when the person is in the workspace no more, or the key is not good any more. */
async function callerOf(
  { workspace, personId, keyId, byProvider }: BrowserRow,
  now: Date,
): Promise<Caller | null> {
  const shared = {
    workspace,
    via: "cookie" as const,
    keyId: null,
    perMinute: null,
    breakGlass: null,
  };
  if (personId === null) {
    const key = keyId === null ? null : await readKeyById(keyId, now);
    return key ? { ...shared, scopes: key.scopes, person: null, isHeld: false } : null;
  }
  const [person, { hasOne, required }] = await Promise.all([
    readPerson({ workspace, id: personId }),
    readStanding({ workspace, personId }),
  ]);
  if (!person) return null;
  const { role, mayOpen, ...known } = person;
  const isHeld = !byProvider && !hasOne && isRequiredOf(role, required);
  const caller = { ...shared, person: known, isHeld };
  if (!mayOpen || !hidesContent(role)) return { ...caller, scopes: scopesOf(role) };
  const open = await readOpenOf({ workspace, personId, now });
  return { ...caller, scopes: scopesOf(role, open !== null), breakGlass: { open } };
}

async function callerOfKey(key: string, headers: Headers, now: Date): Promise<Caller | null> {
  const row = await readKey(sha256(key), now);
  if (!row) return null;
  const { id, workspace, scopes, addresses, ratePerMinute: perMinute } = row;
  const address = clientAddress(headers);
  const isElsewhere = !isAddressWithin(address ?? "", parseBlocks(addresses.join(",")));
  if (addresses.length > 0 && isElsewhere)
    throw new AppError(
      "forbidden",
      `This key may not be used from ${address ?? "an unknown address"}; its addresses are set where it was made.`,
    );
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > MINUTE_MS)
    await markKeyUsed(id, now).catch(unwritten);
  const shared = { workspace, scopes, perMinute, isHeld: false, breakGlass: null };
  return { ...shared, via: "key", keyId: id, person: null };
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
      keyRow(given, {
        ...{ workspace: FIRST_WORKSPACE, name: "WATCHKEEPER_INIT_API_KEY", scopes: ["admin"] },
        ...{ createdAt: now, createdBy: "", expiresAt: null, addresses: [], ratePerMinute: null },
      }),
    );
  await ensureFirstPerson(now);
  if ((await countPeople(FIRST_WORKSPACE)) > 0 || (await countAdminKeys(now)) > 0) return null;
  return createSetupLink(now);
}

/** A fresh one-time link's path; an earlier one stops working. */
export async function createSetupLink(now = new Date()): Promise<string> {
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + SETUP_LINK_HOURS * 60 * MINUTE_MS);
  await saveSetupLink({ workspace: FIRST_WORKSPACE, hash: sha256(token), expiresAt });
  return `/setup?token=${token}`;
}

/** Who it was, for what is kept of a change: a person's address, the name of the API key, or `browser`. */
export async function authorOf({
  keyId,
  person,
}: Pick<Caller, "keyId" | "person">): Promise<string> {
  if (person) return person.email;
  return keyId === null ? "browser" : ((await readKeyName(keyId)) ?? keyId);
}

/** Whether cookies must be marked `Secure`: the browser reached us by https. */
export function isHttps(headers: Headers): boolean {
  if (env.WATCHKEEPER_PUBLIC_URL?.startsWith("https://")) return true;
  return headers.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https";
}
