import { beforeEach, describe, expect, it } from "vitest";
import { POST as passwordForm } from "@/app/api/auth/new-password/route";
import { POST as codeForm } from "@/app/api/auth/sign-in/code/route";
import { GET as account } from "@/app/api/v1/account/route";
import { POST as renew } from "@/app/api/v1/account/second-factor/backup-codes/route";
import { POST as end } from "@/app/api/v1/account/second-factor/removal/route";
import { GET as audit } from "@/app/api/v1/audit/route";
import { POST as passwordLink } from "@/app/api/v1/people/[id]/password-link/route";
import { DELETE as remove } from "@/app/api/v1/people/[id]/route";
import { DELETE as reset } from "@/app/api/v1/people/[id]/second-factor/route";
import { GET as people } from "@/app/api/v1/people/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
import { GET as readSettings, PUT as saveSettings } from "@/app/api/v1/sign-in-settings/route";
import type { AuditPage } from "@/lib/audit/schema";
import type { Account, PeopleAnswer } from "@/lib/auth/people-schema";
import { STEP_MINUTES } from "@/lib/auth/schema";
import { clearSealed, replaceSealed } from "@/lib/auth/sealed-store";
import { seal, unseal } from "@/lib/auth/sealing";
import type { BackupCodes, NewSecondFactor } from "@/lib/auth/second-factor-schema";
import { signInWithCode } from "@/lib/auth/step-service";
import { pool, prisma } from "@/lib/db/client";
import { bearer } from "@/tests/support/api";
import { codeOf } from "@/tests/support/authenticator";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import {
  ADA,
  browser,
  cookieOf,
  enterAs,
  enterFirst,
  PASSWORD,
  sendForm,
  signInAs,
  signInByKey,
  tokenOf,
} from "@/tests/support/people";
import { beginBy, confirmBy, giveCode, switchOn } from "@/tests/support/second-factor";
import { sealedSecrets } from "@/tests/support/stored-secrets";

beforeEach(async () => {
  await truncateAll();
});

const OTHER = "copper lantern drizzle";
const read = async (cookie: string) => (await call(sessions, "/x", { headers: { cookie } })).status;
const own = async (cookie: string) =>
  (await call(account, "/x", { headers: { cookie } })).body as Account;
const post = (handler: typeof end, cookie: string, json: object) =>
  call(handler, "/x", { method: "POST", headers: browser(cookie), json });
const listed = async (cookie: string) =>
  ((await call(people, "/x", { headers: { cookie } })).body as PeopleAnswer).data;
const idOf = async (cookie: string, email: string) =>
  (await listed(cookie)).find((person) => person.email === email)?.id ?? "";
const change = (handler: typeof remove, cookie: string, id: string) =>
  call(handler, "/x", { method: "DELETE", headers: browser(cookie), params: { id } });
const require_ = (cookie: string, second_factor: string) =>
  call(saveSettings, "/x", { method: "PUT", headers: browser(cookie), json: { second_factor } });
const back = (answer: { headers: Headers }) => {
  const { pathname, searchParams } = new URL(answer.headers.get("location") ?? "", "http://x");
  return { pathname, ...Object.fromEntries(searchParams) };
};

/** The first step of an admin with a second factor: what that is, and the cookie that waits. */
async function waiting() {
  const ada = await enterFirst();
  const factor = await switchOn(ada);
  return { ada, ...factor, step: cookieOf(await signInAs(ADA.email)) };
}

describe("setting it up", () => {
  it("asks for the password, and counts once a code has confirmed it", async () => {
    const ada = await enterFirst();
    expect(await beginBy(ada, OTHER)).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path: "password" }] } },
    });
    const { key, uri } = (await beginBy(ada)).body as NewSecondFactor;
    expect(new URL(uri).searchParams.get("secret")).toBe(key);
    expect((await own(ada)).second_factor).toEqual({
      ...{ since: null, backup_codes: 0, required: false },
    });
    expect(back(await signInAs(ADA.email))).toEqual({ pathname: "/costs" });
    expect(await confirmBy(ada, codeOf(key, 9))).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path: "code" }] } },
    });
    const first = codeOf(key);
    const { backup_codes } = (await confirmBy(ada, first)).body as BackupCodes;
    expect(new Set(backup_codes).size).toBe(10);
    for (const code of backup_codes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
    expect((await own(ada)).second_factor).toEqual({
      ...{ since: expect.any(String), backup_codes: 10, required: false },
    });
    expect(await listed(ada)).toMatchObject([{ email: ADA.email, second_factor: true }]);
    const step = cookieOf(await signInAs(ADA.email));
    expect(back(await giveCode(step, first))).toMatchObject({ error: "code" });
  });

  it("takes the last key that was made, and no other beside one that counts", async () => {
    const ada = await enterFirst();
    const first = (await beginBy(ada)).body as NewSecondFactor;
    const second = (await beginBy(ada)).body as NewSecondFactor;
    expect((await confirmBy(ada, codeOf(first.key))).status).toBe(400);
    expect((await confirmBy(ada, codeOf(second.key))).status).toBe(200);
    expect([
      (await beginBy(ada)).status,
      (await confirmBy(ada, codeOf(second.key, 1))).status,
    ]).toEqual([409, 409]);
  });

  it("cannot be confirmed before it was begun, nor by a key or a browser of one", async () => {
    const ada = await enterFirst();
    expect((await confirmBy(ada, "123456")).status).toBe(409);
    const { authorization } = await bearer("admin");
    const pasted = await signInByKey(authorization.replace("Bearer ", ""));
    expect([(await beginBy(pasted)).status, (await confirmBy(pasted, "123456")).status]).toEqual([
      403, 403,
    ]);
  });

  it("signs out every other browser, and stores neither key nor codes as they are", async () => {
    const ada = await enterFirst();
    const there = cookieOf(await signInAs(ADA.email));
    const { key, codes } = await switchOn(ada);
    expect([await read(ada), await read(there)]).toEqual([200, 401]);
    const stored = JSON.stringify([
      await prisma.secondFactor.findMany(),
      await prisma.backupCode.findMany(),
    ]).toLowerCase();
    for (const secret of [key, ...codes.flatMap((code) => [code, code.replaceAll("-", "")])])
      expect(stored).not.toContain(secret.toLowerCase());
  });
});

describe("signing in", () => {
  it("stops at the second step, whose cookie opens nothing", async () => {
    const { step } = await waiting();
    const again = await signInAs(ADA.email);
    expect(back(again)).toEqual({ pathname: "/sign-in/code", next: "/costs" });
    expect(step).toMatch(/^watchkeeper_step=/);
    expect(await read(step)).toBe(401);
    expect(await read(step.replace("watchkeeper_step", "watchkeeper_session"))).toBe(401);
    expect(await prisma.browserSession.count()).toBe(1);
  });

  it("says nothing new of a wrong password", async () => {
    await waiting();
    const answer = await signInAs(ADA.email, OTHER);
    expect(back(answer)).toMatchObject({ pathname: "/sign-in", error: "password" });
    expect(answer.headers.has("set-cookie")).toBe(false);
  });

  it("goes on with a code, once, and a used code is refused as long as it would be good", async () => {
    const { key, step } = await waiting();
    const code = codeOf(key);
    const other = cookieOf(await signInAs(ADA.email));
    const answer = await giveCode(step, `${code.slice(0, 3)} ${code.slice(3)}`);
    expect(back(answer)).toEqual({ pathname: "/costs" });
    expect(await read(cookieOf(answer))).toBe(200);
    expect(answer.headers.get("set-cookie")).toContain("watchkeeper_step=; Path=/; HttpOnly");
    expect(back(await giveCode(step, codeOf(key, 1)))).toMatchObject({
      ...{ pathname: "/sign-in", error: "over", next: "/costs" },
    });
    expect(back(await giveCode(other, code))).toMatchObject({
      ...{ pathname: "/sign-in/code", error: "code", next: "/costs" },
    });
    expect(back(await giveCode(other, codeOf(key, -1)))).toMatchObject({ error: "code" });
    expect(back(await giveCode(other, codeOf(key, 1)))).toEqual({ pathname: "/costs" });
  });

  it("of two with one code at once lets one in", async () => {
    const { key, step } = await waiting();
    const other = cookieOf(await signInAs(ADA.email));
    const both = await Promise.all([step, other].map((cookie) => giveCode(cookie, codeOf(key))));
    expect(both.map((answer) => back(answer).pathname).sort()).toEqual(["/costs", "/sign-in/code"]);
  });

  it("takes each backup code once, in any writing", async () => {
    const { ada, codes, step } = await waiting();
    const [first = "", second = ""] = codes;
    const again = async () => cookieOf(await signInAs(ADA.email));
    const shouted = ` ${first.toUpperCase().replaceAll("-", "")}\n`;
    expect(back(await giveCode(step, shouted, { with: "backup" }))).toEqual({
      pathname: "/costs",
    });
    expect(back(await giveCode(await again(), first, { with: "backup" }))).toMatchObject({
      ...{ pathname: "/sign-in/code", error: "code", with: "backup" },
    });
    expect((await own(ada)).second_factor?.backup_codes).toBe(9);
    const fresh = (await post(renew, ada, { password: PASSWORD })).body as BackupCodes;
    expect(back(await giveCode(await again(), second))).toMatchObject({ error: "code" });
    expect(back(await giveCode(await again(), fresh.backup_codes[0] ?? ""))).toEqual({
      pathname: "/costs",
    });
    expect((await own(ada)).second_factor?.backup_codes).toBe(9);
    expect((await post(renew, ada, { password: OTHER })).status).toBe(400);
  });

  it("makes who guesses wait, longer each time, and looks at nothing meanwhile", async () => {
    const { key, step } = await waiting();
    const start = Date.now();
    const headers = new Headers({ cookie: step });
    const at = (seconds: number, code?: string) => {
      const now = new Date(start + seconds * 1000);
      return signInWithCode(code ?? codeOf(key, 9, now.getTime()), headers, now);
    };
    for (let i = 0; i < 5; i++) expect(await at(i)).toEqual({ kind: "refused" });
    expect(await at(5, codeOf(key, 0, start + 5_000))).toEqual({ kind: "wait", seconds: 59 });
    expect(await at(65)).toEqual({ kind: "refused" });
    expect(await at(66)).toEqual({ kind: "wait", seconds: 119 });
    const later = 200;
    const right = codeOf(key, 0, start + later * 1000);
    expect(await at(later, right)).toMatchObject({ kind: "in" });
    expect(await prisma.secondFactor.findFirst()).toMatchObject({ failures: 0, failedAt: null });
  });

  it("tells how long to wait in the page's address", async () => {
    const { key, step } = await waiting();
    for (let i = 0; i < 5; i++) await giveCode(step, codeOf(key, 9));
    expect(back(await giveCode(step, codeOf(key)))).toEqual({
      ...{ pathname: "/sign-in/code", error: "wait", minutes: "1", next: "/costs" },
    });
  });

  it("begins again when the code takes too long, or the step was made up", async () => {
    const { key, step } = await waiting();
    const later = new Date(Date.now() + STEP_MINUTES * 60_000 + 1_000);
    const code = codeOf(key, 0, later.getTime());
    expect(await signInWithCode(code, new Headers({ cookie: step }), later)).toEqual({
      kind: "over",
    });
    for (const cookie of ["watchkeeper_step=made_up", ""])
      expect(back(await giveCode(cookie, codeOf(key)))).toMatchObject({ error: "over" });
    const elsewhere = { cookie: step, "sec-fetch-site": "cross-site" };
    expect((await sendForm(codeForm, { code: codeOf(key) }, elsewhere)).status).toBe(403);
  });

  it("asks for the code after a new password too, and ends steps of the old one", async () => {
    const { ada, key, step } = await waiting();
    const params = { id: await idOf(ada, ADA.email) };
    const made = await call(passwordLink, "/x", { method: "POST", headers: browser(ada), params });
    const token = tokenOf((made.body as { link: string }).link);
    const entered = await sendForm(passwordForm, { token, password: OTHER });
    expect(back(entered)).toEqual({ pathname: "/sign-in/code", next: "/" });
    expect(back(await giveCode(step, codeOf(key)))).toMatchObject({ error: "over" });
    expect(back(await giveCode(cookieOf(entered), codeOf(key)))).toEqual({ pathname: "/costs" });
  });
});

describe("taking it away", () => {
  it("is for its owner, with the password", async () => {
    const { ada, step, key } = await waiting();
    expect((await post(end, ada, { password: OTHER })).status).toBe(400);
    expect(back(await signInAs(ADA.email))).toMatchObject({ pathname: "/sign-in/code" });
    expect((await post(end, ada, { password: PASSWORD })).status).toBe(204);
    expect((await post(end, ada, { password: PASSWORD })).status).toBe(409);
    expect((await post(renew, ada, { password: PASSWORD })).status).toBe(409);
    expect(back(await giveCode(step, codeOf(key)))).toMatchObject({ error: "over" });
    expect(back(await signInAs(ADA.email))).toEqual({ pathname: "/costs" });
    expect(await prisma.backupCode.count()).toBe(0);
  });

  it("is for an admin, of somebody else; with a person nothing of it stays", async () => {
    const { ada } = await waiting();
    const bob = await enterAs("viewer", ada);
    await switchOn(bob);
    const id = await idOf(ada, "viewer@example.com");
    expect((await change(reset, bob, id)).status).toBe(403);
    expect((await change(reset, ada, id)).status).toBe(204);
    expect((await change(reset, ada, id)).status).toBe(409);
    expect((await change(reset, ada, "pers_none")).status).toBe(404);
    expect(back(await signInAs("viewer@example.com"))).toEqual({ pathname: "/costs" });
    await switchOn(cookieOf(await signInAs("viewer@example.com")));
    await change(remove, ada, id);
    const left = [await prisma.secondFactor.count(), await prisma.backupCode.count()];
    expect(left).toEqual([1, 10]);
  });
});

describe("required", () => {
  it("of everybody, holds whoever has none until it is set up", async () => {
    const { ada } = await waiting();
    const bob = await enterAs("cost", ada);
    expect(await read(bob)).toBe(200);
    expect((await require_(ada, "everybody")).body).toEqual({ second_factor: "everybody" });
    expect((await call(sessions, "/x", { headers: { cookie: bob } })).body).toMatchObject({
      error: { code: "forbidden", message: expect.stringContaining("second factor") },
    });
    expect((await call(account, "/x", { headers: { cookie: bob } })).status).toBe(403);
    expect([await read(ada), (await require_(bob, "nobody")).status]).toEqual([200, 403]);
    await switchOn(bob);
    expect(await read(bob)).toBe(200);
    expect((await own(bob)).second_factor).toMatchObject({ required: true });
    expect((await post(end, bob, { password: PASSWORD })).status).toBe(204);
    expect(await read(bob)).toBe(403);
    await require_(ada, "admins");
    expect(await read(bob)).toBe(200);
  });

  it("of admins, holds those alone, and neither keys nor browsers of keys", async () => {
    const ada = await enterFirst();
    const headers = await bearer("admin");
    const json = { second_factor: "admins" };
    const saved = await call(saveSettings, "/x", { method: "PUT", headers, json });
    expect(saved.status).toBe(200);
    const pasted = await signInByKey(headers.authorization.replace("Bearer ", ""));
    expect([await read(ada), await read(pasted)]).toEqual([403, 200]);
    expect((await call(sessions, "/x", { headers })).status).toBe(200);
    expect((await call(readSettings, "/x", { headers })).body).toEqual(json);
  });

  it("is asked of others by those who have one", async () => {
    const ada = await enterFirst();
    expect((await require_(ada, "admins")).status).toBe(409);
    expect((await require_(ada, "nobody")).status).toBe(200);
    expect((await require_(ada, "some")).status).toBe(400);
    await switchOn(ada);
    expect((await require_(ada, "admins")).status).toBe(200);
  });
});

it("has its key among the secrets that are rotated, and is none without it", async () => {
  const { key, codes, step } = await waiting();
  const [secret] = await sealedSecrets();
  expect(secret).toMatchObject({ relation: "second_factor", name: ADA.email, what: "totp_key" });
  if (!secret) return;
  const fresh = await seal(await unseal(secret.sealed, secret.place), secret.place);
  const client = await pool().connect();
  try {
    expect(await replaceSealed(client, secret, fresh)).toBe(true);
    expect(await replaceSealed(client, secret, fresh)).toBe(false);
    expect(back(await giveCode(step, codeOf(key)))).toEqual({ pathname: "/costs" });
    await clearSealed(client, { ...secret, sealed: fresh });
  } finally {
    client.release();
  }
  expect(await sealedSecrets()).toEqual([]);
  const again = cookieOf(await signInAs(ADA.email));
  expect(back(await giveCode(again, codeOf(key, 1)))).toMatchObject({ error: "code" });
  expect(back(await giveCode(again, codes[0] ?? ""))).toEqual({ pathname: "/costs" });
});

it("is all recorded, with who it was, and without a secret", async () => {
  const { ada, key, codes, step } = await waiting();
  await giveCode(step, codeOf(key, 9));
  await giveCode(step, codes[0] ?? "");
  const other = cookieOf(await signInAs(ADA.email));
  await giveCode(other, codeOf(key));
  await giveCode(cookieOf(await signInAs(ADA.email)), codeOf(key));
  await post(renew, ada, { password: PASSWORD });
  await require_(ada, "admins");
  const id = await idOf(ada, ADA.email);
  await change(reset, ada, id);
  const headers = await bearer("admin");
  await call(saveSettings, "/x", { method: "PUT", headers, json: { second_factor: "nobody" } });
  await switchOn(ada);
  await post(end, ada, { password: PASSWORD });
  const answer = await call(audit, "/api/v1/audit", { headers: { cookie: ada } });
  const told = (answer.body as AuditPage).data.map(({ action, actor, target, reason }) => [
    action,
    actor.label,
    target.label,
    reason,
  ]);
  expect(told.reverse()).toEqual([
    ["access.link_made", "Watchkeeper", null, "by command"],
    ["access.set_up", ADA.email, ADA.email, null],
    ["access.second_factor_on", ADA.email, ADA.email, null],
    ["access.code_refused", "nobody known", ADA.email, "a wrong code"],
    ["access.signed_in", ADA.email, null, "with a backup code, 9 left"],
    ["access.signed_in", ADA.email, null, "with a code"],
    ["access.code_refused", "nobody known", ADA.email, "a code that was used before"],
    ["access.backup_codes_made", ADA.email, ADA.email, null],
    ["access.settings_changed", ADA.email, null, null],
    ["person.second_factor_reset", ADA.email, ADA.email, null],
    ["access.settings_changed", "test", null, null],
    ["access.second_factor_on", ADA.email, ADA.email, null],
    ["access.second_factor_off", ADA.email, ADA.email, null],
  ]);
  for (const secret of [key, PASSWORD, ...codes]) expect(answer.text).not.toContain(secret);
});
