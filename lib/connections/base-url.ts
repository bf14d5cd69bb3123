export type BaseUrl = { kind: "ok"; url: string } | { kind: "wrong"; problem: string };

const wrong = (problem: string): BaseUrl => ({ kind: "wrong", problem });

/**
 * A base URL in the one form it is stored in: scheme, host, and the path in front of `/v1` if there
 * is one. The client adds `/v1/…` itself, so one that was pasted along is taken off.
 */
export function parseBaseUrl(text: string): BaseUrl {
  if (!URL.canParse(text)) return wrong("expected a URL like https://api.anthropic.com");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return wrong("expected a URL that begins with https://");
  if (url.username !== "" || url.password !== "")
    return wrong("a user name or password in it would end up in logs; the key has its own field");
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(text))
    return wrong("nothing may follow the path: no ? and no #");
  const path = url.pathname.replace(/\/+$/, "").replace(/\/v1$/, "");
  if (!/^(\/[\w.~-]+)*$/.test(path))
    return wrong("its path may hold letters, digits and - . _ ~ between single slashes only");
  return { kind: "ok", url: url.origin + path };
}
