import { createHmac, timingSafeEqual } from "node:crypto";
import { readCookie, setCookie } from "./cookie";
import { deriveSecret } from "./master-keys";
import { newId } from "./secrets";

const COOKIE = "watchkeeper_known";
const DAYS = 180;

async function proofOf(id: string, email: string): Promise<string> {
  const secret = await deriveSecret("known browsers");
  return createHmac("sha256", secret)
    .update(JSON.stringify([id, email.toLowerCase()]))
    .digest("base64url");
}

/** The `set-cookie` value for a browser in which somebody has signed in. It lets nobody in. */
export async function knownCookie(email: string, flags: { secure: boolean }): Promise<string> {
  const id = newId("known");
  const seconds = DAYS * 24 * 3600;
  return setCookie(COOKIE, `${id}.${await proofOf(id, email)}`, { seconds, ...flags });
}

/**
 * What the browser is called in which that person has signed in before, or null: its attempts are counted
 * apart, so that nobody keeps others from their own account by guessing at it from everywhere.
 */
export async function readKnown(headers: Headers, email: string): Promise<string | null> {
  const [id = "", proof = ""] = (readCookie(headers.get("cookie"), COOKIE) ?? "").split(".");
  const [given, wanted] = [Buffer.from(proof), Buffer.from(await proofOf(id, email))];
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? id : null;
}
