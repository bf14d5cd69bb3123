import { POST as acceptForm } from "@/app/api/auth/invitation/route";
import { POST as setupForm } from "@/app/api/auth/setup/route";
import { POST as signInForm } from "@/app/api/auth/sign-in/route";
import { POST as openRoute } from "@/app/api/v1/account/break-glass/route";
import { GET as accountRoute } from "@/app/api/v1/account/route";
import { POST as inviteRoute } from "@/app/api/v1/invitations/route";
import { PATCH as personRoute } from "@/app/api/v1/people/[id]/route";
import { createSetupLink } from "@/lib/auth/first-access-service";
import type { Role } from "@/lib/auth/roles";
import type { RouteHandler } from "@/lib/http/route";
import { type Answer, call } from "./call";

export const OWN = { "sec-fetch-site": "same-origin" };
export const PASSWORD = "violet anchor mosaic";
export const ADA = { email: "ada@example.com", name: "Ada Byron", password: PASSWORD };

/** A form of our own page. */
export const sendForm = (
  handler: RouteHandler,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  call(handler, "/api/auth/x", {
    method: "POST",
    headers: { ...OWN, ...headers },
    body: new URLSearchParams(form),
  });

/** What the browser keeps of an answer, as it sends it back. */
export const cookieOf = (answer: Answer) => answer.headers.get("set-cookie")?.split(";")[0] ?? "";
export const tokenOf = (link: string | null) => /token=([\w-]+)$/.exec(link ?? "")?.[1] ?? "";

/** Headers of a browser, also for changes. */
export const browser = (cookie: string) => ({ ...OWN, cookie });

/** The first admin, signed in. */
export async function enterFirst(): Promise<string> {
  const token = tokenOf(await createSetupLink("command"));
  return cookieOf(await sendForm(setupForm, { token, ...ADA }));
}

export async function inviteBy(cookie: string, email: string, role: Role): Promise<string> {
  const { body } = await call(inviteRoute, "/api/v1/invitations", {
    method: "POST",
    headers: browser(cookie),
    json: { email, role },
  });
  return tokenOf((body as { link: string }).link);
}

/** Somebody with that role, invited by the admin of that cookie and signed in. */
export async function enterAs(
  role: Role,
  admin: string,
  email = `${role}@example.com`,
): Promise<string> {
  const token = await inviteBy(admin, email, role);
  return cookieOf(await sendForm(acceptForm, { token, name: `The ${role}`, password: PASSWORD }));
}

export const REASON = "TICKET-7: the customer asks what was said";

/** Lets somebody open content, as an admin does. */
export async function allowOpening(cookie: string, admin: string, may_open = true) {
  const { body } = await call(accountRoute, "/api/v1/account", { headers: { cookie } });
  const { id } = (body as { person: { id: string } }).person;
  const json = { may_open };
  const headers = browser(admin);
  await call(personRoute, "/x", { method: "PATCH", headers, params: { id }, json });
  return id;
}

export const openContent = (cookie: string, json: object = { reason: REASON, minutes: 15 }) =>
  call(openRoute, "/api/v1/account/break-glass", {
    method: "POST",
    headers: browser(cookie),
    json,
  });

/** Somebody who sees figures alone, and has content open. */
export async function enterWithContentOpen(admin: string): Promise<string> {
  const cookie = await enterAs("cost", admin, "open@example.com");
  await allowOpening(cookie, admin);
  await openContent(cookie);
  return cookie;
}

export const signInAs = (email: string, password = PASSWORD, headers = {}) =>
  sendForm(signInForm, { email, password, next: "/costs" }, headers);

/** A browser that came in with an admin's key: its cookie. */
export const signInByKey = async (key: string) => cookieOf(await sendForm(signInForm, { key }));
