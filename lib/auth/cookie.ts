import { SESSION_COOKIE, SESSION_DAYS } from "./schema";

export function readCookie(header: string | null, name: string): string | null {
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || null;
  }
  return null;
}

/** The `set-cookie` value that signs a browser in; an empty secret signs it out. */
export function sessionCookie(secret: string, { secure }: { secure: boolean }): string {
  const maxAge = secret === "" ? 0 : SESSION_DAYS * 24 * 3600;
  const flags = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure ? "; Secure" : ""}`;
  return `${SESSION_COOKIE}=${secret}; ${flags}`;
}
