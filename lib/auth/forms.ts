import { env } from "@/lib/env";
import { readBody } from "@/lib/http/body";
import { AppError } from "@/lib/http/errors";
import { sessionCookie } from "./cookie";
import { acceptInvitation, acceptPassword, type Entered, setUp } from "./link-service";
import { isSameOrigin, localPath } from "./origin";
import { isHttps } from "./service";
import {
  openSession,
  type SignedIn,
  signInWithKey,
  signInWithPassword,
  signOut,
} from "./sign-in-service";

const MAX_FORM_BYTES = 16 * 1024;

/** The fields of a form of our own page, each "" where it was not sent. */
type Form = (name: string) => string;

export async function readForm(request: Request): Promise<Form> {
  if (!isSameOrigin(request.headers, env.WATCHKEEPER_PUBLIC_URL ?? null))
    throw new AppError("forbidden", "This form must be sent from this site's own page.");
  const body = await readBody(request, { maxBytes: MAX_FORM_BYTES });
  const fields = new URLSearchParams(body.toString());
  return (name) => fields.get(name) ?? "";
}

/** Relative, so that it holds behind any proxy. 303 turns the form's POST into a GET. */
export function goTo(path: string, cookie?: string): Response {
  const headers = new Headers({ location: path });
  if (cookie !== undefined) headers.set("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

const withQuery = (path: string, query: Record<string, string>) =>
  `${path}?${new URLSearchParams(query)}`;

const cookieOf = (request: Request, secret: string) =>
  sessionCookie(secret, { secure: isHttps(request.headers) });

/** Fields `email`, `password` or `key`, and `next`. To `next` with a cookie, or back with `error`. */
export async function acceptSignInForm(request: Request): Promise<Response> {
  const form = await readForm(request);
  const next = localPath(form("next"));
  const byKey = form("key") !== "" || form("email") === "";
  const signedIn: SignedIn = byKey
    ? await signInWithKey(form("key"), request.headers)
    : await signInWithPassword(
        { email: form("email"), password: form("password") },
        request.headers,
      );
  if (signedIn.kind === "in") return goTo(next, cookieOf(request, signedIn.secret));
  const again: Record<string, string> = byKey
    ? { with: "key", next }
    : { email: form("email"), next };
  if (signedIn.kind === "refused")
    return goTo(withQuery("/sign-in", { error: byKey ? "key" : "password", ...again }));
  const minutes = String(Math.ceil(signedIn.seconds / 60));
  return goTo(withQuery("/sign-in", { error: "wait", minutes, ...again }));
}

/** Fields `token`, `email`, `name`, `password`. To "/" signed in, or back to `/setup?error=…`. */
export async function acceptSetupForm(request: Request): Promise<Response> {
  const form = await readForm(request);
  const [token, email, name] = [form("token"), form("email"), form("name")];
  const entered = await setUp({ token, email, name, password: form("password") });
  return goIn(request, entered, { page: "/setup", token, form, again: { email, name } });
}

/** Fields `token`, `name`, `password`. To "/" signed in, or back to `/invitation?error=…`. */
export async function acceptInvitationForm(request: Request): Promise<Response> {
  const form = await readForm(request);
  const [token, name] = [form("token"), form("name")];
  const entered = await acceptInvitation({ token, name, password: form("password") });
  return goIn(request, entered, { page: "/invitation", token, form, again: { name } });
}

/** Fields `token`, `password`. To "/" signed in, or back to `/new-password?error=…`. */
export async function acceptPasswordForm(request: Request): Promise<Response> {
  const form = await readForm(request);
  const token = form("token");
  const entered = await acceptPassword({ token, password: form("password") });
  return goIn(request, entered, { page: "/new-password", token, form, again: {} });
}

type Back = { page: string; token: string; form: Form; again: Record<string, string> };

async function goIn(request: Request, entered: Entered, back: Back): Promise<Response> {
  const { page, token, form, again } = back;
  if ("problem" in entered) {
    const { problem: error } = entered;
    if (error === "link") return goTo(withQuery(page, { error }));
    return goTo(withQuery(page, { token, error, ...again }));
  }
  const password = form("password");
  const secret = await openSession({ email: entered.email, password }, request.headers);
  return secret === null ? goTo("/sign-in") : goTo("/", cookieOf(request, secret));
}

/** No fields. To `/sign-in`, the session ended here and the cookie gone there. */
export async function acceptSignOutForm(request: Request): Promise<Response> {
  await readForm(request);
  await signOut(request.headers.get("cookie"));
  return goTo("/sign-in", cookieOf(request, ""));
}
