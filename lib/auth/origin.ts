/**
 * Whether a browser sent this from one of our own pages. A cookie is sent along by any site's form,
 * so a change made by cookie needs this. `ownOrigin` is the configured public address, if any.
 */
export function isSameOrigin(headers: Headers, ownOrigin: string | null): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  // Browsers leave sec-fetch-site out on plain http; Origin is then always there on a POST.
  const origin = headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  if (ownOrigin !== null && URL.canParse(ownOrigin) && new URL(ownOrigin).host === host)
    return true;
  return host === (headers.get("x-forwarded-host") ?? headers.get("host"));
}

/** A path of this site to go on to, or "/" for anything that could lead elsewhere. */
export function localPath(path: unknown): string {
  if (typeof path !== "string" || !/^\/(?![/\\])[^\s\\]*$/.test(path)) return "/";
  return path;
}
