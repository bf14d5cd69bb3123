import { env } from "@/lib/env";
import { readBody } from "@/lib/http/body";
import { AppError } from "@/lib/http/errors";
import { sessionCookie, stepCookie } from "./cookie";
import { knownCookie } from "./known-browser-service";
import { acceptInvitation, acceptPassword, type Entered, setUp } from "./link-service";
import { isSameOrigin, localPath } from "./origin";
import { isHttps } from "./service";
import {
  type Opened,
  openSession,
  type SignedIn,
  signInWithKey,
  signInWithPassword,
  signOut,
} from "./sign-in-service";
import { signInWithCode } from "./step-service";

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
export function goTo(path: string, ...cookies: string[]): Response {
  const headers = new Headers({ location: path });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

const withQuery = (path: string, query: Record<string, string>) =>
  `${path}?${new URLSearchParams(query)}`;

const cookieOf = (request: Request, secret: string) =>
  sessionCookie(secret, { secure: isHttps(request.headers) });
const stepCookieOf = (request: Request, secret: string) =>
  stepCookie(secret, { secure: isHttps(request.headers) });

/** Of whoever has come in: what their browser keeps to be known by, beside the session. */
const knownCookieOf = async (request: Request, email: string | undefined) =>
  email === undefined ? [] : [await knownCookie(email, { secure: isHttps(request.headers) })];

const CODE_PAGE = "/sign-in/code";
const minutesOf = (seconds: number) => String(Math.ceil(seconds / 60));

/** To `next` where that was all, or to where a code is given. */
async function goOn(
  request: Request,
  { kind, secret, email }: Opened & { email?: string },
  next: string,
): Promise<Response> {
  if (kind === "in")
    return goTo(next, cookieOf(request, secret), ...(await knownCookieOf(request, email)));
  return goTo(withQuery(CODE_PAGE, { next }), stepCookieOf(request, secret));
}

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
  if ("secret" in signedIn) return goOn(request, signedIn, next);
  const again: Record<string, string> = byKey
    ? { with: "key", next }
    : { email: form("email"), next };
  if (signedIn.kind === "refused")
    return goTo(withQuery("/sign-in", { error: byKey ? "key" : "password", ...again }));
  const minutes = minutesOf(signedIn.seconds);
  return goTo(withQuery("/sign-in", { error: "wait", minutes, ...again }));
}

/** Fields `code`, `with` and `next`. To `next` signed in, back with `error`, or to the first step. */
export async function acceptCodeForm(request: Request): Promise<Response> {
  const form = await readForm(request);
  const next = localPath(form("next"));
  const signedIn = await signInWithCode(form("code").slice(0, 100), request.headers);
  const again = { ...(form("with") === "backup" ? { with: "backup" } : {}), next };
  switch (signedIn.kind) {
    case "in":
      return goTo(
        next,
        cookieOf(request, signedIn.secret),
        stepCookieOf(request, ""),
        ...(await knownCookieOf(request, signedIn.email)),
      );
    case "refused":
      return goTo(withQuery(CODE_PAGE, { error: "code", ...again }));
    case "wait": {
      const minutes = minutesOf(signedIn.seconds);
      return goTo(withQuery(CODE_PAGE, { error: "wait", minutes, ...again }));
    }
    case "over":
      return goTo(withQuery("/sign-in", { error: "over", next }), stepCookieOf(request, ""));
  }
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

/** Fields `token`, `password`. To "/" signed in, to the code, or back to `/new-password?error=…`. */
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
  const opened = await openSession({ email: entered.email, password }, request.headers);
  if (opened === null) return goTo("/sign-in");
  return goOn(request, { ...opened, email: entered.email }, "/");
}

/** No fields. To `/sign-in`, the session ended here and the cookie gone there. */
export async function acceptSignOutForm(request: Request): Promise<Response> {
  await readForm(request);
  await signOut(request.headers);
  return goTo("/sign-in", cookieOf(request, ""));
}
