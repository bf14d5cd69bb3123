import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as passwordForm } from "@/app/api/auth/new-password/route";
import { GET as callback } from "@/app/api/auth/oidc/callback/route";
import { GET as start } from "@/app/api/auth/oidc/route";
import { POST as changePassword } from "@/app/api/v1/account/password/route";
import { GET as account } from "@/app/api/v1/account/route";
import { GET as audit } from "@/app/api/v1/audit/route";
import { POST as passwordLink } from "@/app/api/v1/people/[id]/password-link/route";
import { DELETE as remove } from "@/app/api/v1/people/[id]/route";
import { GET as people } from "@/app/api/v1/people/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
import { PUT as saveSettings } from "@/app/api/v1/sign-in-settings/route";
import type { AuditPage } from "@/lib/audit/schema";
import type { Account, PeopleAnswer } from "@/lib/auth/people-schema";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { redirectUri } from "@/lib/oidc/provider-service";
import { bearer } from "@/tests/support/api";
import { type Answer, call } from "@/tests/support/call";
import { allowLoopback } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import {
  CLIENT,
  type OidcServer,
  signInAtProvider,
  startOidcServer,
} from "@/tests/support/oidc-server";
import {
  ADA,
  browser,
  cookieOf,
  enterFirst,
  inviteBy,
  PASSWORD,
  sendForm,
  signInAs,
  tokenOf,
} from "@/tests/support/people";
import { switchOn } from "@/tests/support/second-factor";

let provider: OidcServer;
beforeAll(async () => {
  allowLoopback();
  provider = await startOidcServer(redirectUri());
});
afterAll(() => provider?.stop());

beforeEach(async () => {
  await truncateAll();
  await provider.start().catch(() => {});
  Object.assign(env, {
    WATCHKEEPER_OIDC_ISSUER: provider.issuer,
    WATCHKEEPER_OIDC_CLIENT_ID: CLIENT.id,
    WATCHKEEPER_OIDC_CLIENT_SECRET: CLIENT.secret,
    WATCHKEEPER_OIDC_NAME: "Example",
    WATCHKEEPER_OIDC_ROLE: "none",
    WATCHKEEPER_OIDC_ROLE_CLAIM: undefined,
    WATCHKEEPER_OIDC_ALLOWED_DOMAINS: [],
  });
  for (const name of Object.keys(provider.people)) delete provider.people[name];
  provider.people.bob = { email: "bob@example.com", email_verified: true, name: "Bob" };
});
afterEach(() => {
  env.WATCHKEEPER_OIDC_ISSUER = undefined;
});

const goThere = (next = "/costs") => call(start, `/api/auth/oidc?${new URLSearchParams({ next })}`);
const comeBack = (url: URL, cookie: string) =>
  call(callback, `${url.pathname}${url.search}`, { headers: { cookie } });

/** All of it: to the provider, in there, and back. */
async function enter(who: string, next?: string): Promise<Answer> {
  const there = await goThere(next);
  const back = await signInAtProvider(there.headers.get("location") ?? "", who);
  return comeBack(back, cookieOf(there));
}
const where = (answer: Answer) => answer.headers.get("location");
const refusedBy = (why: string, next = "/costs") =>
  `/sign-in?${new URLSearchParams({ error: `oidc_${why}`, next })}`;
const own = async (cookie: string) =>
  (await call(account, "/x", { headers: { cookie } })).body as Account;
const listed = async (headers: Record<string, string>) =>
  ((await call(people, "/x", { headers })).body as PeopleAnswer).data;

describe("going there", () => {
  it("takes PKCE, state and nonce along, and keeps them where no script reads them", async () => {
    const answer = await goThere();
    const url = new URL(where(answer) ?? "");
    expect([answer.status, url.origin]).toEqual([303, provider.issuer]);
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({
      ...{ client_id: CLIENT.id, redirect_uri: redirectUri(), response_type: "code" },
      ...{ scope: "openid email profile", code_challenge_method: "S256" },
    });
    for (const name of ["code_challenge", "state", "nonce"])
      expect(asked[name]).toMatch(/^[\w-]{43}$/);
    const kept = answer.headers.get("set-cookie") ?? "";
    expect(kept).toMatch(/^watchkeeper_oidc=.*; HttpOnly; SameSite=Lax; Max-Age=600$/);
    for (const name of ["state", "nonce"]) expect(kept).not.toContain(asked[name]);
  });

  it("is for nobody where no provider is set", async () => {
    env.WATCHKEEPER_OIDC_ISSUER = undefined;
    expect([(await goThere()).status, (await call(callback, "/x")).status]).toEqual([404, 404]);
  });

  it("says that the provider is down, or may not be called", async () => {
    await provider.stop();
    expect(where(await goThere())).toBe(refusedBy("down"));
    await provider.start();
    env.WATCHKEEPER_OUTBOUND_ALLOW = undefined;
    expect(where(await goThere())).toBe(refusedBy("down"));
    allowLoopback();
    expect((await goThere()).headers.has("set-cookie")).toBe(true);
  });
});

describe("coming back for the first time", () => {
  it("is for who is invited, with the invitation's role, which is used up by it", async () => {
    const ada = await enterFirst();
    const token = await inviteBy(ada, "bob@example.com", "operator");
    const answer = await enter("bob", "/sessions?outcome=waiting");
    expect([answer.status, where(answer)]).toEqual([303, "/sessions?outcome=waiting"]);
    const cookie = cookieOf(answer);
    expect(await own(cookie)).toMatchObject({
      person: { email: "bob@example.com", name: "Bob", role: "operator", has_password: false },
    });
    expect(answer.headers.get("set-cookie")).toContain("watchkeeper_oidc=; ");
    const left = (await call(people, "/x", { headers: { cookie: ada } })).body as PeopleAnswer;
    expect(left.invitations).toEqual([]);
    expect(await prisma.accessLink.findFirst()).toMatchObject({ usedAt: expect.any(Date) });
    expect(token).not.toBe("");
    expect(where(await enter("bob"))).toBe("/costs");
    expect((await listed({ cookie: ada })).length).toBe(2);
  });

  it("is for nobody else, unless a role is given to whoever is new", async () => {
    expect(where(await enter("bob"))).toBe(refusedBy("uninvited"));
    expect(await prisma.person.count()).toBe(0);
    env.WATCHKEEPER_OIDC_ROLE = "viewer";
    const cookie = cookieOf(await enter("bob"));
    expect(await own(cookie)).toMatchObject({ person: { role: "viewer" } });
  });

  it("links somebody who is here by a verified address, and by no other", async () => {
    await enterFirst();
    provider.people.ada = { email: "ADA@example.com", email_verified: false };
    expect(where(await enter("ada"))).toBe(refusedBy("unverified"));
    provider.people.ada = { email: "ADA@example.com" };
    expect(where(await enter("ada"))).toBe(refusedBy("unverified"));
    provider.people.ada = { email: "ADA@example.com", email_verified: true };
    const cookie = cookieOf(await enter("ada"));
    expect(await own(cookie)).toMatchObject({
      person: { email: ADA.email, name: ADA.name, role: "admin", has_password: true },
    });
    // From here on it is the account that counts, whatever becomes of the address.
    provider.people.ada = { email: "byron@example.com", email_verified: false };
    expect(await own(cookieOf(await enter("ada")))).toMatchObject({ person: { email: ADA.email } });
    expect((await signInAs(ADA.email)).headers.has("set-cookie")).toBe(true);
  });

  it("is for the domains that are named", async () => {
    env.WATCHKEEPER_OIDC_ROLE = "viewer";
    env.WATCHKEEPER_OIDC_ALLOWED_DOMAINS = ["example.org"];
    expect(where(await enter("bob"))).toBe(refusedBy("domain"));
    env.WATCHKEEPER_OIDC_ALLOWED_DOMAINS = ["example.org", "example.com"];
    expect(where(await enter("bob"))).toBe("/costs");
    env.WATCHKEEPER_OIDC_ALLOWED_DOMAINS = ["example.org"];
    expect(where(await enter("bob"))).toBe(refusedBy("domain"));
  });

  it("makes one person of two windows at once", async () => {
    env.WATCHKEEPER_OIDC_ROLE = "viewer";
    const both = await Promise.all([enter("bob"), enter("bob")]);
    expect(both.map(where)).toEqual(["/costs", "/costs"]);
    expect([await prisma.person.count(), await prisma.membership.count()]).toEqual([1, 1]);
  });
});

describe("roles that a claim names", () => {
  it("are given, and followed at every sign-in", async () => {
    await enterFirst();
    env.WATCHKEEPER_OIDC_ROLE = "viewer";
    env.WATCHKEEPER_OIDC_ROLE_CLAIM = "roles";
    provider.people.bob = { ...provider.people.bob, roles: ["staff", "operator"] };
    const role = async () => (await own(cookieOf(await enter("bob")))).person?.role;
    expect(await role()).toBe("operator");
    provider.people.bob = { ...provider.people.bob, roles: ["cost"] };
    expect(await role()).toBe("cost");
    for (const roles of [["staff"], [], undefined]) {
      provider.people.bob = { ...provider.people.bob, roles: ["admin"] };
      expect(await role()).toBe("admin");
      provider.people.bob = { ...provider.people.bob, roles };
      expect([roles, await role()]).toEqual([roles, "viewer"]);
    }
  });

  it("let nobody in whom they give none, where the environment gives none either", async () => {
    const ada = await enterFirst();
    env.WATCHKEEPER_OIDC_ROLE_CLAIM = "roles";
    await inviteBy(ada, "bob@example.com", "viewer");
    expect(where(await enter("bob"))).toBe(refusedBy("unassigned"));
    provider.people.bob = { ...provider.people.bob, roles: ["admin"] };
    const cookie = cookieOf(await enter("bob"));
    expect(await own(cookie)).toMatchObject({ person: { role: "admin" } });
    provider.people.bob = { ...provider.people.bob, roles: [] };
    expect(where(await enter("bob"))).toBe(refusedBy("unassigned"));
    expect((await call(sessions, "/x", { headers: { cookie } })).status).toBe(401);
    // By a password, if there is one, they may do the least.
    const bob = (await listed({ cookie: ada })).find(({ name }) => name === "Bob");
    expect(bob).toMatchObject({ role: "cost", may_open: false });
  });

  it("never take the last admin away", async () => {
    await enterFirst();
    env.WATCHKEEPER_OIDC_ROLE_CLAIM = "roles";
    provider.people.ada = { email: ADA.email, email_verified: true, roles: ["viewer"] };
    expect(await own(cookieOf(await enter("ada")))).toMatchObject({ person: { role: "admin" } });
  });
});

describe("somebody removed", () => {
  it("does not come back by themselves, under another address either, but by an invitation", async () => {
    const ada = await enterFirst();
    env.WATCHKEEPER_OIDC_ROLE = "viewer";
    const cookie = cookieOf(await enter("bob"));
    const id = (await listed({ cookie: ada })).find(({ name }) => name === "Bob")?.id ?? "";
    const headers = browser(ada);
    await call(remove, "/x", { method: "DELETE", headers, params: { id } });
    expect((await call(sessions, "/x", { headers: { cookie } })).status).toBe(401);
    expect(where(await enter("bob"))).toBe(refusedBy("removed"));
    provider.people.bob = { ...provider.people.bob, email: "bobby@example.com" };
    expect(where(await enter("bob"))).toBe(refusedBy("removed"));
    provider.people.other = { email: "bob@example.com", email_verified: true };
    expect(where(await enter("other"))).toBe(refusedBy("removed"));
    await inviteBy(ada, "bobby@example.com", "cost");
    expect(await own(cookieOf(await enter("bob")))).toMatchObject({ person: { role: "cost" } });
    expect(JSON.stringify(await prisma.removedPerson.findMany())).not.toContain("bob");
  });
});

describe("what comes back", () => {
  it.each([
    ["with another state", (url: URL) => url.searchParams.set("state", "x".repeat(43))],
    ["without one", (url: URL) => url.searchParams.delete("state")],
  ])("%s is refused", async (_, tamper) => {
    await enterFirst();
    const there = await goThere();
    const url = await signInAtProvider(where(there) ?? "", "bob");
    tamper(url);
    const answer = await comeBack(url, cookieOf(there));
    expect(where(answer)).toBe(refusedBy("mixed_up"));
    expect(cookieOf(answer)).toBe("watchkeeper_oidc=");
  });

  it("in another browser, or with a cookie that was changed, is refused", async () => {
    const there = await goThere();
    const url = await signInAtProvider(where(there) ?? "", "bob");
    const other = cookieOf(await goThere());
    for (const cookie of [
      "",
      "watchkeeper_oidc=made.up",
      `${cookieOf(there).slice(0, -2)}xx`,
      other,
    ])
      expect(where(await comeBack(url, cookie))).toMatch(/error=oidc_mixed_up/);
  });

  it("with another code, another issuer or a code used before is refused", async () => {
    env.WATCHKEEPER_OIDC_ROLE = "viewer";
    const there = await goThere();
    const url = await signInAtProvider(where(there) ?? "", "bob");
    const changed = (name: string, value: string) => {
      const copy = new URL(url);
      copy.searchParams.set(name, value);
      return comeBack(copy, cookieOf(there));
    };
    expect(where(await changed("iss", "https://evil.example"))).toBe(refusedBy("failed"));
    expect(where(await changed("code", "made-up"))).toBe(refusedBy("failed"));
    expect(where(await comeBack(url, cookieOf(there)))).toBe("/costs");
    expect(where(await comeBack(url, cookieOf(there)))).toBe(refusedBy("failed"));
  });

  it("as a refusal there is said as one", async () => {
    const there = await goThere();
    const state = new URL(where(there) ?? "").searchParams.get("state") ?? "";
    const back = (error: string) =>
      new URL(`${redirectUri()}?${new URLSearchParams({ error, state, iss: provider.issuer })}`);
    const cookie = cookieOf(there);
    expect(where(await comeBack(back("access_denied"), cookie))).toBe(refusedBy("denied"));
    expect(where(await comeBack(back("server_error"), cookie))).toBe(refusedBy("failed"));
  });

  it("while the provider is down is told so", async () => {
    const there = await goThere();
    const url = await signInAtProvider(where(there) ?? "", "bob");
    await provider.stop();
    expect(where(await comeBack(url, cookieOf(there)))).toBe(refusedBy("down"));
  });

  it("is checked against the keys that the provider has now", async () => {
    env.WATCHKEEPER_OIDC_ROLE = "viewer";
    expect(where(await enter("bob"))).toBe("/costs");
    provider.rotateKeys();
    expect(where(await enter("bob"))).toBe("/costs");
    provider.showOtherKeys();
    expect(where(await enter("bob"))).toBe(refusedBy("failed"));
    provider.rotateKeys();
  });
});

describe("without a password", () => {
  const enterBob = async () => {
    env.WATCHKEEPER_OIDC_ROLE = "viewer";
    return cookieOf(await enter("bob"));
  };

  it("nobody is asked for one, and a link sets the first", async () => {
    const ada = await enterFirst();
    const bob = await enterBob();
    const json = { current: PASSWORD, password: "copper lantern drizzle" };
    const asked = { method: "POST", headers: browser(bob), json };
    expect((await call(changePassword, "/x", asked)).status).toBe(409);
    expect((await signInAs("bob@example.com")).headers.has("set-cookie")).toBe(false);
    const id = (await own(bob)).person?.id ?? "";
    const headers = browser(ada);
    const made = await call(passwordLink, "/x", { method: "POST", headers, params: { id } });
    const token = tokenOf((made.body as { link: string }).link);
    const entered = await sendForm(passwordForm, { token, password: PASSWORD });
    expect(await own(cookieOf(entered))).toMatchObject({ person: { id, has_password: true } });
    expect(where(await enter("bob"))).toBe("/costs");
  });

  it("a second factor is the provider's to ask, also where ours is required", async () => {
    const ada = await enterFirst();
    await switchOn(ada);
    const bob = await enterBob();
    const json = { second_factor: "everybody" };
    await call(saveSettings, "/x", { method: "PUT", headers: browser(ada), json });
    expect((await call(sessions, "/x", { headers: { cookie: bob } })).status).toBe(200);
    provider.people.ada = { email: ADA.email, email_verified: true };
    expect(where(await enter("ada"))).toBe("/costs");
  });
});

it("is all recorded, with how it was", async () => {
  await enterFirst();
  await enter("bob");
  env.WATCHKEEPER_OIDC_ROLE = "viewer";
  await enter("bob");
  provider.people.ada = { email: ADA.email, email_verified: true };
  await enter("ada");
  const there = await goThere();
  const url = await signInAtProvider(where(there) ?? "", "bob");
  await comeBack(url, "");
  const headers = await bearer("admin");
  const answer = await call(audit, "/api/v1/audit", { headers });
  const told = (answer.body as AuditPage).data.map(({ action, actor, target, after, reason }) => [
    action,
    actor.label,
    target.label,
    after,
    reason,
  ]);
  const bob = "bob@example.com";
  expect(told.reverse().slice(1)).toEqual([
    ["access.set_up", ADA.email, ADA.email, { role: "admin" }, null],
    ["access.refused", "nobody known", bob, { how: "oidc" }, "by Example: uninvited"],
    ["person.joined", bob, bob, { role: "viewer", how: "oidc" }, null],
    ["access.signed_in", bob, null, { how: "oidc" }, "by Example"],
    ["access.provider_linked", ADA.email, ADA.email, { issuer: provider.issuer }, null],
    ["access.signed_in", ADA.email, null, { how: "oidc" }, "by Example"],
    ["access.refused", "nobody known", null, { how: "oidc" }, "by Example: mixed_up"],
  ]);
  for (const secret of [CLIENT.secret, "code="]) expect(answer.text).not.toContain(secret);
});
