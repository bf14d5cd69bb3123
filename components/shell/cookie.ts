/**
 * Remembers a choice of the reader that the server needs when it renders (theme, time zone), for a year.
 * The Cookie Store API is no way: browsers offer it on secure origins only, and a team may run on plain http.
 */
export function rememberCookie(name: string, value: string | null): void {
  const age = value === null ? 0 : 31_536_000;
  const text = `${name}=${encodeURIComponent(value ?? "")}; Path=/; Max-Age=${age}; SameSite=Lax`;
  Object.assign(document, { cookie: text });
}
