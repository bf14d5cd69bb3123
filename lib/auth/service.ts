import { originOf, within } from "@/lib/audit/origin";
import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { isAddressWithin, parseBlocks } from "@/lib/http/addresses";
import { clientAddress } from "@/lib/http/client-address";
import { AppError } from "@/lib/http/errors";
import { readOpenOf } from "./break-glass-store";
import { readCookie } from "./cookie";
import {
  markKeyUsed,
  readEndedKey,
  readKey,
  readKeyById,
  readKeyName,
  type UsableKey,
} from "./keys-store";
import { isSameOrigin } from "./origin";
import { readPerson } from "./people-store";
import { hidesContent, scopesOf } from "./roles";
import { type Caller, SESSION_COOKIE } from "./schema";
import { isRequiredOf } from "./second-factor";
import { readStanding } from "./second-factor-store";
import { sha256 } from "./secrets";
import { type BrowserRow, markBrowserSeen, readBrowserSession } from "./store";

const MINUTE_MS = 60_000;
const SEEN_MS = 5 * MINUTE_MS;
const REFUSAL_MS = 15 * MINUTE_MS;

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
  const caller = await callerOfCookie(request.headers, now);
  const changes = !["GET", "HEAD", "OPTIONS"].includes(request.method);
  if (caller && changes && !isSameOrigin(request.headers, env.WATCHKEEPER_PUBLIC_URL ?? null))
    throw new AppError(
      "forbidden",
      "A change made with a browser's cookie must come from this site.",
    );
  return caller;
}

/** Whose browser sent these headers; a key's cookie is no good from where the key is not. */
export async function callerOfCookie(headers: Headers, now: Date): Promise<Caller | null> {
  const secret = readCookie(headers.get("cookie"), SESSION_COOKIE);
  const session = secret === null ? null : await readBrowserSession(sha256(secret), now);
  if (!session) return null;
  const caller = await callerOf(session, headers, now);
  if (caller && now.getTime() - session.updatedAt.getTime() > SEEN_MS)
    await markBrowserSeen(session.id, now).catch(unwritten);
  return caller;
}

/** That somebody came is not kept where nothing can be written; they are let in to read all the same. */
const unwritten = () => {};

/** Null when the person is in the workspace no more, or the key is not good any more. */
async function callerOf(
  { workspace, personId, keyId, byProvider }: BrowserRow,
  headers: Headers,
  now: Date,
): Promise<Caller | null> {
  const shared = { workspace, via: "cookie" as const, keyId: null, pace: null, breakGlass: null };
  if (personId === null) {
    const key = keyId === null ? null : await readKeyById(keyId, now);
    if (!key || !isUsableFrom(key, headers)) return null;
    return { ...shared, scopes: key.scopes, pace: paceOf(key), person: null, isHeld: false };
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
  if (!row) {
    const ended = await readEndedKey(sha256(key), now);
    if (ended) await recordRefusal(ended, { headers, why: "it is good no more", now });
    return null;
  }
  const { id, workspace, scopes } = row;
  if (!isUsableFrom(row, headers)) {
    await recordRefusal(row, { headers, why: "not from this address", now });
    throw new AppError(
      "forbidden",
      `This key may not be used from ${clientAddress(headers) ?? "an unknown address"}; its addresses are set where it was made.`,
    );
  }
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > MINUTE_MS)
    await markKeyUsed(id, now).catch(unwritten);
  const shared = { workspace, scopes, pace: paceOf(row), isHeld: false, breakGlass: null };
  return { ...shared, via: "key", keyId: id, person: null };
}

/** Once a quarter of an hour for a key and a place: a program that was forgotten goes on trying. */
async function recordRefusal(
  { id, workspace, name }: Pick<UsableKey, "id" | "workspace" | "name">,
  { headers, why, now }: { headers: Headers; why: string; now: Date },
): Promise<void> {
  const origin = originOf(headers, { actor: null, requestId: null, because: null });
  const window = Math.floor(now.getTime() / REFUSAL_MS);
  const deed = {
    ...{ action: "key.refused" as const, actor: { kind: "key" as const, id, label: name } },
    ...{ target: { id, name }, reason: why },
    once: JSON.stringify(["key.refused", id, origin.ip, window]),
  };
  await within(origin, () => record(prisma, workspace, deed)).catch(unwritten);
}

const paceOf = ({ id, ratePerMinute }: UsableKey) => ({ keyId: id, perMinute: ratePerMinute });

/** Whether a key may be used from where a request came; one without addresses from anywhere. */
export function isUsableFrom({ addresses }: UsableKey, headers: Headers): boolean {
  if (addresses.length === 0) return true;
  return isAddressWithin(clientAddress(headers) ?? "", parseBlocks(addresses.join(",")));
}

/** Who it was, for what is kept of a change: a person's address, the name of the API key, or `browser`. */
export async function authorOf({
  keyId,
  person,
}: Pick<Caller, "keyId" | "person">): Promise<string> {
  if (person) return person.email;
  return keyId === null ? "browser" : ((await readKeyName(keyId)) ?? keyId);
}

/** The same, with the person's id where it was one: what they made is known when they leave. */
export const makerOf = async (caller: Caller) => ({
  createdBy: await authorOf(caller),
  createdById: caller.person?.id ?? null,
});

/** Whether cookies must be marked `Secure`: the browser reached us by https. */
export function isHttps(headers: Headers): boolean {
  if (env.WATCHKEEPER_PUBLIC_URL?.startsWith("https://")) return true;
  return headers.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https";
}
