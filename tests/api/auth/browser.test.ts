import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { POST as setup } from "@/app/api/auth/setup/route";
import { POST as signIn } from "@/app/api/auth/sign-in/route";
import { POST as signOut } from "@/app/api/auth/sign-out/route";
import { GET as listKeys, POST as makeKey } from "@/app/api/v1/keys/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
import { createSetupLink, ensureFirstAccess } from "@/lib/auth/first-access-service";
import { callerOfCookie } from "@/lib/auth/service";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import type { RouteHandler } from "@/lib/http/route";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

beforeEach(async () => {
  await truncateAll();
});
afterEach(() => {
  env.WATCHKEEPER_INIT_API_KEY = undefined;
  env.WATCHKEEPER_PUBLIC_URL = undefined;
});

const OWN = { "sec-fetch-site": "same-origin" };
const HOURS = 3_600_000;
const tokenOf = (path: string | null) => /^\/setup\?token=([\w-]{43})$/.exec(path ?? "")?.[1] ?? "";
const send = (
  handler: RouteHandler,
  form: Record<string, string>,
  headers: Record<string, string> = OWN,
) => call(handler, "/api/auth/x", { method: "POST", headers, body: new URLSearchParams(form) });

/** What the browser keeps of an answer, as it sends it back. */
const cookieOf = (headers: Headers) => headers.get("set-cookie")?.split(";")[0] ?? "";

const ADA = { email: "ada@example.com", name: "Ada", password: "violet anchor mosaic" };
const enterBy = (token: string) => send(setup, { token, ...ADA });

async function enter(): Promise<string> {
  const { headers } = await enterBy(tokenOf(await createSetupLink("command")));
  return cookieOf(headers);
}

describe("the first start", () => {
  it("gives a link that lets one browser in, once", async () => {
    const token = tokenOf(await ensureFirstAccess());
    expect(JSON.stringify(await prisma.setting.findMany())).not.toContain(token);
    const [one, two] = await Promise.all([
      enterBy(token),
      send(setup, { token, ...ADA, email: "eve@example.com" }),
    ]);
    const [won, lost] = one.headers.has("set-cookie") ? [one, two] : [two, one];
    expect([won.status, won.headers.get("location")]).toEqual([303, "/"]);
    expect(won.headers.getSetCookie()[0]).toMatch(
      /^watchkeeper_session=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/,
    );
    expect([lost.status, lost.headers.get("location")]).toEqual([303, "/setup?error=link"]);
    expect(lost.headers.has("set-cookie")).toBe(false);
    const answer = await call(listKeys, "/x", { headers: { cookie: cookieOf(won.headers) } });
    expect(answer.status).toBe(200);
  });

  it("prints no link once somebody came in, and a fresh one as long as nobody did", async () => {
    const first = await ensureFirstAccess();
    const second = await ensureFirstAccess();
    expect([tokenOf(first), tokenOf(second)]).not.toContain("");
    expect((await enterBy(tokenOf(first))).headers.get("location")).toBe("/setup?error=link");
    await enterBy(tokenOf(second));
    expect(await ensureFirstAccess()).toBeNull();
    expect(tokenOf(await createSetupLink("command"))).not.toBe("");
  });

  it("makes the admin key it is given, however often it starts, and then needs no link", async () => {
    env.WATCHKEEPER_INIT_API_KEY = "wk_given_at_the_first_start";
    expect(await ensureFirstAccess()).toBeNull();
    expect(await ensureFirstAccess()).toBeNull();
    expect(await prisma.apiKey.count()).toBe(1);
    const headers = { authorization: "Bearer wk_given_at_the_first_start" };
    expect((await call(listKeys, "/x", { headers })).status).toBe(200);
    await prisma.apiKey.updateMany({ data: { revokedAt: new Date() } });
    await ensureFirstAccess();
    expect((await call(listKeys, "/x", { headers })).status).toBe(401);
  });

  it.each([
    ["a wrong token", "x".repeat(43)],
    ["none", ""],
    ["a wildcard", "%"],
  ])("does not let in %s", async (_, token) => {
    await ensureFirstAccess();
    const answer = await enterBy(token);
    expect([answer.headers.get("location"), answer.headers.has("set-cookie")]).toEqual([
      "/setup?error=link",
      false,
    ]);
  });

  it("lets a link die after a day", async () => {
    const token = tokenOf(await createSetupLink("command", new Date(Date.now() - 25 * HOURS)));
    expect((await enterBy(token)).headers.get("location")).toBe("/setup?error=link");
  });
});

describe("signing in with a key", () => {
  const keyOf = async (scope: "admin" | "write") =>
    (await bearer(scope)).authorization.replace("Bearer ", "");

  it.each([
    ["/sessions?outcome=waiting", "/sessions?outcome=waiting"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["https://evil.example/", "/"],
    ["javascript:alert(1)", "/"],
    ["", "/"],
  ])("goes on to %s as %s", async (next, location) => {
    const answer = await send(signIn, { key: ` ${await keyOf("admin")}\n`, next });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, location]);
    const cookie = cookieOf(answer.headers);
    expect(
      await callerOfCookie(new Headers({ cookie: `a=b; ${cookie}; c=d` }), new Date()),
    ).toEqual({
      workspace: "default",
      scopes: ["admin"],
      via: "cookie",
      keyId: null,
      person: null,
      pace: { keyId: expect.any(String), perMinute: null },
      isHeld: false,
      breakGlass: null,
    });
  });

  it("refuses other keys, telling nothing of why", async () => {
    for (const key of ["", "wk_nobody_made_this_one", await keyOf("write")]) {
      const answer = await send(signIn, { key, next: "/sessions" });
      expect([answer.status, answer.headers.get("location")]).toEqual([
        303,
        "/sign-in?error=key&with=key&next=%2Fsessions",
      ]);
      expect(answer.headers.has("set-cookie")).toBe(false);
    }
  });

  it.each([
    ["the address is https", {}, "https://watch.example.com", true],
    ["a proxy says so", { "x-forwarded-proto": "https, http" }, undefined, true],
    ["neither", {}, undefined, false],
  ])("marks the cookie Secure when %s", async (_, headers, address, secure) => {
    env.WATCHKEEPER_PUBLIC_URL = address;
    const answer = await send(signIn, { key: await keyOf("admin") }, { ...OWN, ...headers });
    expect(answer.headers.get("set-cookie")?.endsWith("; Secure")).toBe(secure);
  });

  it("ends with signing out, here and in the browser", async () => {
    const cookie = await enter();
    expect((await call(sessions, "/x", { headers: { cookie } })).status).toBe(200);
    const answer = await send(signOut, {}, { ...OWN, cookie });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in"]);
    expect(answer.headers.get("set-cookie")).toMatch(/^watchkeeper_session=; .*Max-Age=0/);
    expect((await call(sessions, "/x", { headers: { cookie } })).status).toBe(401);
  });

  it("ends after thirty days", async () => {
    const cookie = await enter();
    const later = (days: number) => new Date(Date.now() + days * 24 * HOURS);
    expect(await callerOfCookie(new Headers({ cookie }), later(29.9))).not.toBeNull();
    expect(await callerOfCookie(new Headers({ cookie }), later(30.1))).toBeNull();
  });
});

describe("a change by cookie", () => {
  const change = (headers: Record<string, string>) =>
    call(makeKey, "/x", { method: "POST", headers, json: { name: "a" } });

  it.each([
    ["from our own page", { "sec-fetch-site": "same-origin" }, 201],
    ["from another site", { "sec-fetch-site": "cross-site" }, 403],
    ["from a neighbour", { "sec-fetch-site": "same-site" }, 403],
    ["from the address bar", { "sec-fetch-site": "none" }, 403],
    ["over plain http", { origin: "http://localhost:3000" }, 201],
    ["from another port", { origin: "http://localhost:3001" }, 403],
    ["from nowhere", { origin: "null" }, 403],
    [
      "behind a proxy",
      { origin: "https://watch.example.com", "x-forwarded-host": "watch.example.com" },
      201,
    ],
    ["without a word of where", {}, 403],
  ])("%s", async (_, headers, status) => {
    expect((await change({ ...headers, cookie: await enter() })).status).toBe(status);
  });

  it("at the configured address", async () => {
    env.WATCHKEEPER_PUBLIC_URL = "https://watch.example.com";
    const cookie = await enter();
    expect((await change({ origin: "https://watch.example.com", cookie })).status).toBe(201);
    expect((await change({ origin: "https://other.example.com", cookie })).status).toBe(403);
  });

  it("is no matter for keys and for reading", async () => {
    const admin = await bearer("admin");
    expect((await change({ ...admin, "sec-fetch-site": "cross-site" })).status).toBe(201);
    const cookie = await enter();
    expect((await call(sessions, "/x", { headers: { cookie } })).status).toBe(200);
  });

  it("a wrong key is not made good by a good cookie", async () => {
    const headers = { ...OWN, cookie: await enter(), authorization: "Bearer wk_wrong_wrong_wrong" };
    expect((await change(headers)).status).toBe(401);
  });

  it.each([
    ["set-up", setup],
    ["sign-in", signIn],
    ["sign-out", signOut],
  ])("the form for %s takes nothing from other sites", async (_, handler) => {
    const answer = await send(
      handler,
      { token: "x", key: "y" },
      { "sec-fetch-site": "cross-site" },
    );
    expect(answer.status).toBe(403);
  });
});
