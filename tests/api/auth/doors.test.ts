import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { POST as acceptForm } from "@/app/api/auth/invitation/route";
import { POST as setupForm } from "@/app/api/auth/setup/route";
import { POST as signInForm } from "@/app/api/auth/sign-in/route";
import { POST as changePassword } from "@/app/api/v1/account/password/route";
import { GET as listKeys, POST as makeKey } from "@/app/api/v1/keys/route";
import { PATCH as change, DELETE as remove } from "@/app/api/v1/people/[id]/route";
import { GET as people } from "@/app/api/v1/people/route";
import { hashPassword } from "@/lib/auth/accounts";
import { createSetupLink, ensureFirstAccess } from "@/lib/auth/first-access-service";
import type { KeyCreated } from "@/lib/auth/keys-schema";
import type { PeopleAnswer } from "@/lib/auth/people-schema";
import {
  deleteBrowsers,
  lockOtherAdmins,
  lockPerson,
  markMember,
  markPassword,
  savePerson,
} from "@/lib/auth/people-store";
import { markConfirmed, saveDraft } from "@/lib/auth/second-factor-store";
import { type Db, pool, prisma } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { type Answer, call } from "@/tests/support/call";
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

beforeEach(() => truncateAll());

const OTHER = "copper lantern drizzle";
const listed = async (cookie: string) =>
  ((await call(people, "/x", { headers: { cookie } })).body as PeopleAnswer).data;
const idOf = async (cookie: string, email: string) =>
  (await listed(cookie)).find((person) => person.email === email)?.id ?? "";
const make = async (headers: Record<string, string>, json: object) =>
  (await call(makeKey, "/x", { method: "POST", headers, json })).body as KeyCreated;
const entries = async (action: string) =>
  prisma.auditEntry.findMany({ where: { action }, orderBy: { at: "asc" } });

/** Until some statement waits for a lock that a transaction holds, which itself would see only its beginning. */
async function untilOneWaits(): Promise<void> {
  const waiting = `select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await pool().query(waiting)).rowCount === 0) await sleep(10);
}

describe("a key pasted into the sign-in", () => {
  const HOME = { "x-watchkeeper-peer": "10.0.0.1" };
  const AWAY = { "x-watchkeeper-peer": "192.0.2.1" };

  it("is good from its addresses alone, and so is the browser that came in by it", async () => {
    const wish = { name: "home", scopes: ["admin"], addresses: ["10.0.0.0/8"] };
    const { key } = await make(await bearer("admin"), wish);
    const away = await sendForm(signInForm, { key }, AWAY);
    expect([away.headers.get("location"), away.headers.has("set-cookie")]).toEqual([
      "/sign-in?error=key&with=key&next=%2F",
      false,
    ]);
    const cookie = cookieOf(await sendForm(signInForm, { key }, HOME));
    const from = async (place: object) =>
      (await call(listKeys, "/x", { headers: { cookie, ...place } })).status;
    expect([await from(HOME), await from(AWAY), await from(HOME)]).toEqual([200, 401, 200]);
    expect(await entries("access.refused")).toMatchObject([{ reason: "by the API key home" }]);
    expect(await entries("access.signed_in")).toMatchObject([{ reason: "by the API key home" }]);
  });

  it("counts its browser's requests with its own", async () => {
    const wish = { name: "slow", scopes: ["admin"], rate_per_minute: 3 };
    const { key } = await make(await bearer("admin"), wish);
    const cookie = cookieOf(await sendForm(signInForm, { key }));
    const ask = async (headers: Record<string, string>) =>
      (await call(listKeys, "/x", { headers })).status;
    const bearing = { authorization: `Bearer ${key}` };
    expect([await ask({ cookie }), await ask(bearing), await ask({ cookie })]).toEqual([
      200, 200, 200,
    ]);
    expect([await ask({ cookie }), await ask(bearing)]).toEqual([429, 429]);
  });
});

describe("whoever guesses at an account from everywhere", () => {
  const knownOf = (answer: Answer) =>
    /watchkeeper_known=[^;]+/.exec(answer.headers.get("set-cookie") ?? "")?.[0] ?? "";
  const errorOf = (answer: Answer) =>
    new URL(answer.headers.get("location") ?? "", "http://x").searchParams.get("error");

  it("keeps its owner out of no browser in which they have signed in before", async () => {
    await enterFirst();
    await enterAs("viewer", cookieOf(await signInAs(ADA.email)), "bob@example.com");
    const [ada, bob] = [await signInAs(ADA.email), await signInAs("bob@example.com")].map(knownOf);
    const from = (i: number, cookie = "") => ({ "x-watchkeeper-peer": `192.0.2.${i}`, cookie });
    for (let i = 1; i <= 60; i++) await signInAs(ADA.email, OTHER, from(i));
    expect(errorOf(await signInAs(ADA.email, PASSWORD, from(99)))).toBe("wait");
    expect(errorOf(await signInAs(ADA.email, PASSWORD, from(99, bob)))).toBe("wait");
    const forged = `${ada?.slice(0, -1)}${ada?.endsWith("A") ? "B" : "A"}`;
    expect(errorOf(await signInAs(ADA.email, PASSWORD, from(99, forged)))).toBe("wait");
    const known = await signInAs(ADA.email, PASSWORD, from(99, ada));
    expect(known.headers.get("location")).toBe("/costs");
    // It is counted too, wherever it is.
    for (let i = 0; i < 8; i++)
      expect(errorOf(await signInAs(ADA.email, OTHER, from(100 + i, ada)))).toBe("password");
    expect(errorOf(await signInAs(ADA.email, PASSWORD, from(120, ada)))).toBe("wait");
  });
});

describe("a sign-in under way", () => {
  /** Does something to somebody whose sign-in has judged the password and not stored its session yet. */
  async function meanwhile(act: (tx: Db, personId: string) => Promise<void>): Promise<string> {
    await enterFirst();
    const person = await prisma.person.findFirstOrThrow();
    await prisma.browserSession.deleteMany();
    const under = await prisma.$transaction(
      async (tx) => {
        await tx.$executeRaw`lock table browser_session in share mode`;
        const going = signInAs(ADA.email);
        await untilOneWaits();
        await act(tx, person.id);
        return { going };
      },
      { timeout: 60_000 },
    );
    const answer = await under.going;
    expect(await prisma.browserSession.count()).toBe(0);
    return answer.headers.get("location") ?? "";
  }

  it("lets nobody in by a password that was changed meanwhile", async () => {
    const passwordHash = await hashPassword(OTHER);
    const now = new Date();
    const location = await meanwhile((tx, personId) =>
      markPassword(tx, { personId, passwordHash, now, keep: null }),
    );
    expect(location).toContain("error=password");
    expect(cookieOf(await signInAs(ADA.email, OTHER))).not.toBe("");
  });

  it("passes by no second factor that was switched on meanwhile", async () => {
    const location = await meanwhile(async (tx, personId) => {
      await lockPerson(tx, personId, "update");
      await saveDraft({ personId, keySealed: "", createdAt: new Date() }, tx);
      await markConfirmed(tx, personId, new Date());
      await deleteBrowsers(tx, { personId, keep: null });
    });
    expect(location).toContain("error=password");
    expect((await signInAs(ADA.email)).headers.get("location")).toContain("/sign-in/code");
  });
});

it("an admin who is demoted does not write the role back", async () => {
  const ada = await enterFirst();
  const bob = await enterAs("admin", ada);
  const id = await idOf(ada, "admin@example.com");
  const { going } = await prisma.$transaction(async (tx) => {
    await lockOtherAdmins(tx, { workspace: "default", id });
    const json = { may_open: true };
    const asked = { method: "PATCH", headers: browser(bob), params: { id }, json };
    const going = call(change, "/x", asked);
    await untilOneWaits();
    await markMember(tx, { workspace: "default", id }, { role: "viewer", mayOpen: false });
    return { going };
  });
  await going;
  expect(await prisma.membership.findFirst({ where: { personId: id } })).toMatchObject({
    role: "viewer",
  });
});

describe("an admin who leaves", () => {
  const leave = (cookie: string, id: string, keys?: string) =>
    call(remove, `/x${keys ? `?keys=${keys}` : ""}`, {
      ...{ method: "DELETE", headers: browser(cookie), params: { id } },
    });
  const demote = (cookie: string, id: string, json: object) =>
    call(change, "/x", {
      ...{ method: "PATCH", headers: browser(cookie), params: { id } },
      json: { role: "viewer", ...json },
    });

  async function twoAdmins() {
    const ada = await enterFirst();
    const bob = await enterAs("admin", ada, "bob@example.com");
    return { ada, bob, id: await idOf(ada, "bob@example.com") };
  }
  const isGood = async (key: string) => {
    const headers = { authorization: `Bearer ${key}` };
    return (await call(listKeys, "/x", { headers })).status === 200;
  };

  it.each([
    ["removed", (ada: string, id: string) => leave(ada, id), 204],
    ["demoted", (ada: string, id: string) => demote(ada, id, {}), 200],
  ])("%s, leaves no link that lets anybody in", async (_, go, status) => {
    const { ada, bob, id } = await twoAdmins();
    const token = await inviteBy(bob, "carol@example.com", "admin");
    const other = await inviteBy(ada, "dan@example.com", "viewer");
    expect((await go(ada, id)).status).toBe(status);
    const enter = async (link: string) =>
      cookieOf(await sendForm(acceptForm, { token: link, name: "C", password: PASSWORD }));
    expect([await enter(token), await enter(other)]).toEqual(["", expect.stringMatching(/=./)]);
  });

  it.each([
    ["removed", leave, 204],
    ["demoted", (ada: string, id: string, keys?: string) => demote(ada, id, { keys }), 200],
  ])("%s with keys in use, has somebody say what becomes of them", async (_, go, status) => {
    for (const keys of ["keep", "revoke"]) {
      await truncateAll();
      const { ada, bob, id } = await twoAdmins();
      const own = await make(browser(bob), { name: "pipeline", scopes: ["admin"] });
      const others = await make(browser(ada), { name: "other", scopes: ["admin"] });
      expect((await listed(ada)).map((person) => [person.email, person.keys])).toEqual([
        [ADA.email, 1],
        ["bob@example.com", 1],
      ]);
      const asked = await go(ada, id);
      expect([asked.status, asked.text]).toEqual([409, expect.stringContaining("pipeline")]);
      expect(await prisma.membership.count({ where: { role: "admin" } })).toBe(2);
      expect((await go(ada, id, keys)).status).toBe(status);
      expect([await isGood(own.key), await isGood(others.key)]).toEqual([keys === "keep", true]);
      expect((await entries("key.revoked")).map((entry) => entry.targetLabel)).toEqual(
        keys === "keep" ? [] : ["pipeline"],
      );
    }
  });
});

describe("the set-up form", () => {
  it("tells nobody without a link who is here, nor what a password is worth", async () => {
    await enterFirst();
    for (const form of [
      { email: ADA.email, password: PASSWORD },
      { email: "eve@example.com", password: PASSWORD },
      { email: "eve@example.com", password: "x" },
    ]) {
      const answer = await sendForm(setupForm, { token: "x", name: "Eve", ...form });
      expect(answer.headers.get("location")).toBe("/setup?error=link");
    }
  });

  it("takes no link that a start has printed once somebody came in some other way", async () => {
    const enter = async (link: string | null) =>
      cookieOf(await sendForm(setupForm, { token: tokenOf(link), ...ADA }));
    const printed = await ensureFirstAccess();
    const bob = { email: "bob@example.com", name: "Bob", role: "admin" as const };
    await prisma.$transaction((tx) =>
      savePerson(tx, { workspace: "default", ...bob, passwordHash: null, now: new Date() }),
    );
    expect(await enter(printed)).toBe("");
    const asked = await createSetupLink("command");
    await inviteBy(await enterFirst(), "carol@example.com", "viewer");
    expect(await enter(asked)).toBe("");
    const again = await createSetupLink("command");
    expect(await ensureFirstAccess()).toBeNull();
    const eve = { email: "eve@example.com", name: "Eve", password: PASSWORD };
    expect(cookieOf(await sendForm(setupForm, { token: tokenOf(again), ...eve }))).not.toBe("");
  });
});

describe("the audit log tells", () => {
  it("once of who is made to wait", async () => {
    await enterFirst();
    for (let i = 0; i < 12; i++) await signInAs(ADA.email, `${OTHER} ${i}`);
    expect(await entries("access.refused")).toHaveLength(8);
    expect(await entries("access.locked_out")).toMatchObject([
      { targetLabel: ADA.email, actorLabel: "nobody known", reason: expect.stringContaining("8") },
    ]);
  });

  it("of a wrong password in a browser that is signed in", async () => {
    const cookie = await enterFirst();
    const json = { current: OTHER, password: "velvet harbour ninety" };
    await call(changePassword, "/x", { method: "POST", headers: browser(cookie), json });
    expect(await entries("access.refused")).toMatchObject([
      { actorLabel: ADA.email, reason: "a wrong password in a browser that is signed in" },
    ]);
  });

  it("once a while of a key that is good no more, or comes from elsewhere", async () => {
    const headers = await bearer("admin");
    const near = await make(headers, { name: "near", scopes: ["read"], addresses: ["10.0.0.0/8"] });
    const old = await make(headers, { name: "old", scopes: ["read"] });
    await prisma.apiKey.update({ where: { id: old.id }, data: { revokedAt: new Date() } });
    for (const { key } of [near, old, near, old])
      await call(listKeys, "/x", {
        headers: { authorization: `Bearer ${key}`, "x-watchkeeper-peer": "192.0.2.1" },
      });
    await call(listKeys, "/x", { headers: { authorization: "Bearer wk_made_up" } });
    const told = (await entries("key.refused")).map(({ targetLabel, ip }) => [targetLabel, ip]);
    expect(told).toEqual([
      ["near", "192.0.2.1"],
      ["old", "192.0.2.1"],
    ]);
  });

  it("of a set-up link that is made", async () => {
    await ensureFirstAccess();
    await createSetupLink("command");
    expect((await entries("access.link_made")).map(({ reason }) => reason)).toEqual([
      "by start",
      "by command",
    ]);
  });
});
