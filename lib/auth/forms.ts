import { env } from "@/lib/env";
import { readBody } from "@/lib/http/body";
import { AppError } from "@/lib/http/errors";
import { sessionCookie } from "./cookie";
import { isSameOrigin, localPath } from "./origin";
import { consumeSetupToken, isHttps, signInWithKey, signOut } from "./service";

const MAX_FORM_BYTES = 16 * 1024;

async function readForm(request: Request): Promise<URLSearchParams> {
  if (!isSameOrigin(request.headers, env.WATCHKEEPER_PUBLIC_URL ?? null))
    throw new AppError("forbidden", "This form must be sent from this site's own page.");
  return new URLSearchParams((await readBody(request, { maxBytes: MAX_FORM_BYTES })).toString());
}

/** Relative, so that it holds behind any proxy. 303 turns the form's POST into a GET. */
function goTo(path: string, cookie?: string): Response {
  const headers = new Headers({ location: path });
  if (cookie !== undefined) headers.set("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

/** Form field `token`. To "/" with a cookie, or back to `/setup?error=link`. */
export async function acceptSetupForm(request: Request): Promise<Response> {
  const form = await readForm(request);
  const secret = await consumeSetupToken(form.get("token") ?? "");
  if (secret === null) return goTo("/setup?error=link");
  return goTo("/", sessionCookie(secret, { secure: isHttps(request.headers) }));
}

/** Form fields `key` and `next`. To `next` with a cookie, or back to `/sign-in?error=key`. */
export async function acceptSignInForm(request: Request): Promise<Response> {
  const form = await readForm(request);
  const next = localPath(form.get("next"));
  const secret = await signInWithKey(form.get("key") ?? "");
  if (secret === null) return goTo(`/sign-in?${new URLSearchParams({ error: "key", next })}`);
  return goTo(next, sessionCookie(secret, { secure: isHttps(request.headers) }));
}

/** No fields. To `/sign-in`, the session ended here and the cookie gone there. */
export async function acceptSignOutForm(request: Request): Promise<Response> {
  await readForm(request);
  await signOut(request.headers.get("cookie"));
  return goTo("/sign-in", sessionCookie("", { secure: isHttps(request.headers) }));
}
