import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { POST as acceptForm } from "@/app/api/auth/invitation/route";
import { POST as passwordForm } from "@/app/api/auth/new-password/route";
import { POST as setupForm } from "@/app/api/auth/setup/route";
import { POST as signOut } from "@/app/api/auth/sign-out/route";
import { DELETE as endBrowser } from "@/app/api/v1/account/browsers/[id]/route";
import { POST as changePassword } from "@/app/api/v1/account/password/route";
import { GET as account } from "@/app/api/v1/account/route";
import { GET as audit } from "@/app/api/v1/audit/route";
import { DELETE as takeBack } from "@/app/api/v1/invitations/[id]/route";
import { POST as invite } from "@/app/api/v1/invitations/route";
import { POST as passwordLink } from "@/app/api/v1/people/[id]/password-link/route";
import { PATCH as change, DELETE as remove } from "@/app/api/v1/people/[id]/route";
import { GET as people } from "@/app/api/v1/people/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
import type { AuditPage } from "@/lib/audit/schema";
import { createSetupLink, ensureFirstAccess } from "@/lib/auth/first-access-service";
import type { Account, PeopleAnswer } from "@/lib/auth/people-schema";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import {
  ADA,
  browser,
  cookieOf,
  enterAs,
  enterFirst,
  inviteBy,
  PASSWORD,
  sendForm,
  signInAs,
  tokenOf,
} from "@/tests/support/people";

beforeEach(async () => {
  await truncateAll();
});
afterEach(() => {
  env.WATCHKEEPER_INIT_EMAIL = undefined;
  env.WATCHKEEPER_INIT_PASSWORD = undefined;
});

const OTHER = "copper lantern drizzle";
const read = async (cookie: string) => (await call(sessions, "/x", { headers: { cookie } })).status;
const listed = async (cookie: string) =>
  (await call(people, "/x", { headers: { cookie } })).body as PeopleAnswer;
const idOf = async (cookie: string, email: string) =>
  (await listed(cookie)).data.find((person) => person.email === email)?.id ?? "";
const own = async (cookie: string) =>
  (await call(account, "/x", { headers: { cookie } })).body as Account;
const give = (cookie: string, id: string, role: string) =>
  call(change, "/x", { method: "PATCH", headers: browser(cookie), params: { id }, json: { role } });

describe("the first person", () => {
  it("comes in by the link as admin, with a password that is nowhere in the database", async () => {
    const cookie = await enterFirst();
    expect(await own(cookie)).toMatchObject({
      person: { email: "ada@example.com", name: "Ada Byron", role: "admin" },
      browsers: [{ current: true }],
    });
    const stored = JSON.stringify([
      await prisma.person.findMany(),
      await prisma.personAccount.findMany(),
      await prisma.browserSession.findMany(),
    ]);
    expect(stored).not.toContain(PASSWORD);
    expect(stored).not.toContain(cookie.split("=")[1]);
  });

  it.each([
    [{ password: "too short" }, "short"],
    [{ password: "password123456" }, "common"],
    [{ password: "abcabcabcabcabc" }, "simple"],
    [{ password: "ada.byron.2024!" }, "personal"],
    [{ name: "  " }, "name"],
    [{ email: "nobody" }, "email"],
  ])("with %j is asked again, and the link still works", async (wrong, error) => {
    const token = tokenOf(await createSetupLink("command"));
    const answer = await sendForm(setupForm, { token, ...ADA, ...wrong });
    const back = new URL(answer.headers.get("location") ?? "", "http://x");
    expect([back.pathname, back.searchParams.get("error")]).toEqual(["/setup", error]);
    expect(back.search).not.toContain(encodeURIComponent(ADA.password));
    const again = await sendForm(setupForm, { token, ...ADA });
    expect(again.headers.get("location")).toBe("/");
  });

  it("comes unattended from the environment, once", async () => {
    env.WATCHKEEPER_INIT_EMAIL = "Ops@Example.com";
    env.WATCHKEEPER_INIT_PASSWORD = PASSWORD;
    expect(await ensureFirstAccess()).toBeNull();
    expect(await ensureFirstAccess()).toBeNull();
    const answer = await signInAs("ops@example.com");
    expect(answer.headers.get("location")).toBe("/costs");
    expect((await listed(cookieOf(answer))).data).toMatchObject([{ role: "admin" }]);
    await truncateAll();
    env.WATCHKEEPER_INIT_PASSWORD = "password123456";
    await expect(ensureFirstAccess()).rejects.toThrow("WATCHKEEPER_INIT_PASSWORD");
  });
});

describe("signing in", () => {
  it("takes the address in any writing", async () => {
    await enterFirst();
    const answer = await signInAs(" ADA@example.COM ");
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/costs"]);
    expect(await read(cookieOf(answer))).toBe(200);
  });

  it("says the same of a wrong password, an unknown address and no address", async () => {
    await enterFirst();
    for (const [email, password] of [
      [ADA.email, OTHER],
      ["eve@example.com", PASSWORD],
      ["nothing", ""],
    ] as const) {
      const answer = await signInAs(email, password);
      const back = new URL(answer.headers.get("location") ?? "", "http://x");
      expect([back.pathname, back.searchParams.get("error")]).toEqual(["/sign-in", "password"]);
      expect(answer.headers.has("set-cookie")).toBe(false);
    }
  });

  it("makes who guesses wait, and nobody at another address", async () => {
    await enterFirst();
    const from = (address: string) => ({ "x-watchkeeper-peer": address });
    for (let i = 0; i < 8; i++) await signInAs(ADA.email, `${OTHER} ${i}`, from("192.0.2.7"));
    const answer = await signInAs(ADA.email, PASSWORD, from("192.0.2.7"));
    const back = new URL(answer.headers.get("location") ?? "", "http://x");
    expect(back.searchParams.get("error")).toBe("wait");
    expect(back.searchParams.get("minutes")).toMatch(/^\d+$/);
    expect(cookieOf(await signInAs(ADA.email, PASSWORD, from("192.0.2.8")))).not.toBe("");
  });
});

it("forgets browsers whose time is over", async () => {
  await enterFirst();
  await prisma.browserSession.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
  await signInAs(ADA.email);
  expect(await prisma.browserSession.count()).toBe(1);
});

describe("an invitation", () => {
  it("lets one person in, once, with its role", async () => {
    const admin = await enterFirst();
    const token = await inviteBy(admin, "bob@example.com", "operator");
    expect(JSON.stringify(await prisma.accessLink.findMany())).not.toContain(token);
    expect((await listed(admin)).invitations).toMatchObject([
      { email: "bob@example.com", role: "operator", created_by: "ada@example.com" },
    ]);
    const form = { token, name: "Bob", password: OTHER };
    const both = await Promise.all([sendForm(acceptForm, form), sendForm(acceptForm, form)]);
    const cookies = both.map(cookieOf).filter((cookie) => cookie !== "");
    expect(cookies).toHaveLength(1);
    expect(await own(cookies[0] ?? "")).toMatchObject({ person: { role: "operator" } });
    expect((await listed(admin)).invitations).toEqual([]);
    expect((await sendForm(acceptForm, form)).headers.get("location")).toContain("error=link");
  });

  it("is good for nothing once taken back, replaced or over", async () => {
    const admin = await enterFirst();
    const first = await inviteBy(admin, "bob@example.com", "viewer");
    const second = await inviteBy(admin, "bob@example.com", "cost");
    const form = { name: "Bob", password: OTHER };
    expect((await sendForm(acceptForm, { token: first, ...form })).headers.has("set-cookie")).toBe(
      false,
    );
    const id = (await listed(admin)).invitations[0]?.id ?? "";
    const end = () =>
      call(takeBack, "/x", { method: "DELETE", headers: browser(admin), params: { id } });
    expect([(await end()).status, (await end()).status]).toEqual([204, 404]);
    expect((await sendForm(acceptForm, { token: second, ...form })).headers.has("set-cookie")).toBe(
      false,
    );
    const third = await inviteBy(admin, "bob@example.com", "viewer");
    await prisma.accessLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await sendForm(acceptForm, { token: third, ...form })).headers.has("set-cookie")).toBe(
      false,
    );
  });

  it("is not made for somebody who is here, nor with a made-up role", async () => {
    const headers = browser(await enterFirst());
    const ask = (json: object) => call(invite, "/x", { method: "POST", headers, json });
    expect((await ask({ email: "ADA@example.com", role: "viewer" })).status).toBe(409);
    expect((await ask({ email: "bob@example.com", role: "owner" })).status).toBe(400);
    expect((await ask({ email: "bob", role: "viewer" })).status).toBe(400);
  });
});

describe("people", () => {
  it("have another role from the next request on", async () => {
    const admin = await enterFirst();
    const bob = await enterAs("operator", admin);
    const id = await idOf(admin, "operator@example.com");
    expect((await call(people, "/x", { headers: { cookie: bob } })).status).toBe(403);
    expect((await give(admin, id, "admin")).status).toBe(200);
    expect((await call(people, "/x", { headers: { cookie: bob } })).status).toBe(200);
  });

  it("never are without an admin", async () => {
    const admin = await enterFirst();
    const id = await idOf(admin, ADA.email);
    const leave = (cookie: string) =>
      call(remove, "/x", { method: "DELETE", headers: browser(cookie), params: { id } });
    expect((await give(admin, id, "viewer")).status).toBe(409);
    expect((await leave(admin)).status).toBe(409);
    const other = await enterAs("admin", admin);
    const otherId = await idOf(admin, "admin@example.com");
    const both = await Promise.all([give(admin, otherId, "viewer"), give(other, id, "viewer")]);
    expect(both.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    expect(await prisma.membership.count({ where: { role: "admin" } })).toBe(1);
  });

  it("who are removed are signed out at once and can be invited again", async () => {
    const admin = await enterFirst();
    const bob = await enterAs("viewer", admin);
    const params = { id: await idOf(admin, "viewer@example.com") };
    expect(await read(bob)).toBe(200);
    const answer = await call(remove, "/x", { method: "DELETE", headers: browser(admin), params });
    expect(answer.status).toBe(204);
    expect(await read(bob)).toBe(401);
    expect((await signInAs("viewer@example.com")).headers.has("set-cookie")).toBe(false);
    expect(await read(await enterAs("viewer", admin))).toBe(200);
  });
});

describe("a password", () => {
  it("is set anew by a link, once, which signs out everywhere", async () => {
    const admin = await enterFirst();
    const bob = await enterAs("viewer", admin);
    const params = { id: await idOf(admin, "viewer@example.com") };
    const made = await call(passwordLink, "/x", {
      method: "POST",
      headers: browser(admin),
      params,
    });
    const token = tokenOf((made.body as { link: string }).link);
    expect(await read(bob)).toBe(200);
    const weak = await sendForm(passwordForm, { token, password: "short" });
    expect(weak.headers.get("location")).toContain("error=short");
    const entered = await sendForm(passwordForm, { token, password: OTHER });
    expect([await read(bob), await read(cookieOf(entered))]).toEqual([401, 200]);
    expect(
      (await sendForm(passwordForm, { token, password: PASSWORD })).headers.get("location"),
    ).toBe("/new-password?error=link");
    expect((await signInAs("viewer@example.com")).headers.has("set-cookie")).toBe(false);
    expect((await signInAs("viewer@example.com", OTHER)).headers.has("set-cookie")).toBe(true);
  });

  it("changed by its owner signs out every other browser, and not this one", async () => {
    const here = await enterFirst();
    const there = cookieOf(await signInAs(ADA.email));
    const ask = (json: object) =>
      call(changePassword, "/x", { method: "POST", headers: browser(here), json });
    expect(await ask({ current: OTHER, password: OTHER })).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path: "current" }] } },
    });
    expect(await ask({ current: PASSWORD, password: "watchkeeper1" })).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path: "password" }] } },
    });
    expect(await read(there)).toBe(200);
    expect((await ask({ current: PASSWORD, password: OTHER })).status).toBe(204);
    expect([await read(here), await read(there)]).toEqual([200, 401]);
  });
});

describe("browsers", () => {
  it("are listed to their owner, who can sign each out", async () => {
    const here = await enterFirst();
    const agent = { "user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0" };
    const there = cookieOf(await signInAs(ADA.email, PASSWORD, agent));
    const { browsers } = await own(here);
    expect(browsers.map(({ current }) => current).sort()).toEqual([false, true]);
    const other = browsers.find(({ current }) => !current);
    expect(other?.user_agent).toBe(agent["user-agent"]);
    const bob = await enterAs("viewer", here);
    const end = (cookie: string) =>
      call(endBrowser, "/x", {
        method: "DELETE",
        headers: browser(cookie),
        params: { id: other?.id ?? "" },
      });
    expect((await end(bob)).status).toBe(404);
    expect(await read(there)).toBe(200);
    expect((await end(here)).status).toBe(204);
    expect([await read(here), await read(there)]).toEqual([200, 401]);
  });

  it("are not a key's business", async () => {
    const headers = await bearer("admin");
    expect((await call(account, "/x", { headers })).body).toEqual({
      ...{ person: null, browsers: [], second_factor: null },
    });
    const json = { current: PASSWORD, password: OTHER };
    expect((await call(changePassword, "/x", { method: "POST", headers, json })).status).toBe(403);
  });
});

it("is all recorded, with who it was, and without a secret", async () => {
  const admin = await enterFirst();
  await signInAs(ADA.email, OTHER);
  await signInAs(PASSWORD, OTHER);
  const bob = await enterAs("viewer", admin);
  const id = await idOf(admin, "viewer@example.com");
  await give(admin, id, "cost");
  const params = { id };
  await call(passwordLink, "/x", { method: "POST", headers: browser(admin), params });
  await call(changePassword, "/x", {
    method: "POST",
    headers: browser(bob),
    json: { current: PASSWORD, password: OTHER },
  });
  await sendForm(signOut, {}, { cookie: bob });
  await signInAs("viewer@example.com", OTHER);
  await call(remove, "/x", { method: "DELETE", headers: browser(admin), params });
  const answer = await call(audit, "/api/v1/audit", { headers: { cookie: admin } });
  const told = (answer.body as AuditPage).data.map(({ action, actor, target, before, after }) => [
    action,
    actor.label,
    target.label,
    { ...before, ...after },
  ]);
  const viewer = "viewer@example.com";
  expect(told.reverse()).toEqual([
    ["access.link_made", "Watchkeeper", null, { expires_at: expect.anything() }],
    ["access.set_up", ADA.email, ADA.email, { role: "admin" }],
    ["access.refused", "nobody known", ADA.email, {}],
    ["access.refused", "nobody known", null, {}],
    ["person.invited", ADA.email, viewer, { role: "viewer", expires_at: expect.anything() }],
    ["person.joined", viewer, viewer, { role: "viewer" }],
    ["person.changed", ADA.email, viewer, { role: "cost" }],
    ["person.link_made", ADA.email, viewer, { expires_at: expect.anything() }],
    ["access.password_set", viewer, viewer, {}],
    ["access.signed_out", viewer, null, {}],
    ["access.signed_in", viewer, null, {}],
    ["person.removed", ADA.email, viewer, { role: "cost" }],
  ]);
  for (const secret of [PASSWORD, OTHER, "token="]) expect(answer.text).not.toContain(secret);
});
