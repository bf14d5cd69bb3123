import { SESSION_COOKIE, SESSION_DAYS, STEP_COOKIE, STEP_MINUTES } from "./schema";

export function readCookie(header: string | null, name: string): string | null {
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || null;
  }
  return null;
}

type Flags = { secure: boolean };

/** The `set-cookie` value that signs a browser in; an empty secret signs it out. */
export const sessionCookie = (secret: string, flags: Flags): string =>
  setCookie(SESSION_COOKIE, secret, { seconds: SESSION_DAYS * 24 * 3600, ...flags });

/** The one that lets a browser give its code; an empty secret takes it away. */
export const stepCookie = (secret: string, flags: Flags): string =>
  setCookie(STEP_COOKIE, secret, { seconds: STEP_MINUTES * 60, ...flags });

/** For this server's requests alone, and out of every script's reach; an empty secret takes it away. */
export function setCookie(
  name: string,
  secret: string,
  { seconds, secure }: Flags & { seconds: number },
): string {
  const maxAge = secret === "" ? 0 : seconds;
  const flags = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure ? "; Secure" : ""}`;
  return `${name}=${secret}; ${flags}`;
}
