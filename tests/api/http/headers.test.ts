import { readdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { env } from "@/lib/env";
import { API_POLICY, FILE_POLICY, SECURITY_HEADERS } from "@/lib/http/guards.mjs";
import { truncateAll } from "@/tests/support/database";
import { ADA, enterFirst } from "@/tests/support/people";
import { startServer, type TestServer } from "@/tests/support/server";

const APP = join(import.meta.dirname, "../../../app");
/** Every route there is, also those outside the API's document; what it names is not there. */
const ROUTES = readdirSync(APP, { recursive: true, encoding: "utf8" })
  .filter((file) => /(^|\/)route\.ts$/.test(file))
  .map((file) => `/${file.replace(/\/route\.ts$/, "")}`.replace(/\[+[^/]*\]/, "none"))
  .sort();

let server: TestServer;
let cookie = "";
beforeAll(async () => {
  await truncateAll();
  server = await startServer({ databaseUrl: env.DATABASE_URL ?? inject("templateUrl") });
  cookie = await enterFirst();
});
afterAll(() => server?.stop());

/** It may load nothing, run nothing, be framed by nobody, and is what it says it is. */
function expectGuarded(headers: Headers, policy = API_POLICY): void {
  const all = { ...SECURITY_HEADERS, "content-security-policy": policy };
  expect(Object.fromEntries(Object.keys(all).map((name) => [name, headers.get(name)]))).toEqual(
    all,
  );
}

const ask = async (path: string, init: RequestInit) => {
  const answer = await fetch(`${server.url}${path}`, { redirect: "manual", ...init });
  await answer.body?.cancel();
  return answer;
};

describe.each(ROUTES)("%s", (path) => {
  it.each([
    ["an admin who asks", () => ({ headers: { cookie } })],
    ["nobody", () => ({})],
    ["nobody who sends something", () => ({ method: "POST", body: "x" })],
    ["a method it does not have", () => ({ method: "PUT", headers: { cookie } })],
  ])("is guarded, and kept by no cache: to %s", async (_, init) => {
    const { headers } = await ask(path, init());
    expectGuarded(headers);
    expect(headers.get("cache-control")).toContain("no-store");
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

it("walks many routes, and answers of some", async () => {
  expect(ROUTES.length).toBeGreaterThan(120);
  expect(ROUTES).toEqual(expect.arrayContaining(["/metrics", "/api/auth/sign-in", "/api/none"]));
  expect((await ask("/api/v1/sessions", { headers: { cookie } })).status).toBe(200);
});

it("guards files as well, those that are there and those that are not", async () => {
  const html = await (await fetch(`${server.url}/sign-in`)).text();
  const script = /\/_next\/static\/[^"]+\.js/.exec(html)?.[0] ?? "";
  for (const [path, status] of [
    ...([
      [script, 200],
      ["/icon.svg", 200],
      ["/_next/static/none.js", 404],
    ] as const),
    ...([
      ["/favicon.ico", 404],
      ["/_next/image?url=http://example.com/&w=64&q=75", 404],
    ] as const),
  ]) {
    const answer = await ask(path, {});
    expect([path, answer.status]).toEqual([path, status]);
    expectGuarded(answer.headers, FILE_POLICY);
  }
});

it("guards what is said before a route is found", async () => {
  const { port } = new URL(server.url);
  for (const [method, path] of [
    ["GET", "/%ff"],
    ["PROPFIND", "/api/v1/sessions"],
  ]) {
    const headers = await new Promise<Headers>((done, failed) => {
      const told = request({ host: "127.0.0.1", port, method, path }, (response) => {
        response.resume();
        done(new Headers(response.headers as Record<string, string>));
      });
      told.on("error", failed).end();
    });
    expectGuarded(headers);
  }
});

it("gives cookies that no script and no other site's request gets hold of", async () => {
  const form = new URLSearchParams({ email: ADA.email, password: ADA.password });
  const own = { origin: server.url };
  const answer = await ask("/api/auth/sign-in", { method: "POST", headers: own, body: form });
  const out = await ask("/api/auth/sign-out", { method: "POST", headers: { ...own, cookie } });
  const given = [...answer.headers.getSetCookie(), ...out.headers.getSetCookie()];
  expect(given).toEqual([
    expect.stringMatching(
      /^watchkeeper_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
    ),
    expect.stringMatching(
      /^watchkeeper_known=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
    ),
    expect.stringMatching(/^watchkeeper_session=; Path=\/; HttpOnly; SameSite=Lax; Max-Age=0$/),
  ]);
});
