import { POST as acceptForm } from "@/app/api/auth/invitation/route";
import { POST as setupForm } from "@/app/api/auth/setup/route";
import { POST as signInForm } from "@/app/api/auth/sign-in/route";
import { POST as inviteRoute } from "@/app/api/v1/invitations/route";
import type { Role } from "@/lib/auth/roles";
import { createSetupLink } from "@/lib/auth/service";
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
  const token = tokenOf(await createSetupLink());
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
export async function enterAs(role: Role, admin: string): Promise<string> {
  const token = await inviteBy(admin, `${role}@example.com`, role);
  return cookieOf(await sendForm(acceptForm, { token, name: `The ${role}`, password: PASSWORD }));
}

export const signInAs = (email: string, password = PASSWORD, headers = {}) =>
  sendForm(signInForm, { email, password, next: "/costs" }, headers);

/** A browser that came in with an admin's key: its cookie. */
export const signInByKey = async (key: string) => cookieOf(await sendForm(signInForm, { key }));
