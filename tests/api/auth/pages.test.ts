import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ROLES } from "@/lib/auth/roles";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { SECURITY_HEADERS } from "@/lib/http/guards.mjs";
import { pagePolicy } from "@/lib/http/security";
import { truncateAll } from "@/tests/support/database";
import { enterAs, enterFirst, enterWithContentOpen } from "@/tests/support/people";
import { failedSession, MARKER, refusedSession, runningSession } from "@/tests/support/said";
import { startServer, type TestServer } from "@/tests/support/server";
import { storeItems } from "@/tests/support/stored";

const FOLDER = join(import.meta.dirname, "../../../app/(dashboard)");

/** Every signed-in page, as a path; where it names something, something that is there. */
const PAGES = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((file) => /(^|\/)page\.tsx$/.test(file))
  .map((file) => `/${file.replace(/\/?page\.tsx$/, "")}`.replace("[sessionId]", "sesn_failed"))
  .map((path) => path.replace("[agentId]", "agent_A"))
  .sort();

/** `open`: cost only, with content open by a break-glass. */
const EVERYBODY = [...ROLES, "open"] as const;
type Actor = (typeof EVERYBODY)[number];
/** Pages that are not for everybody, written down once more and by hand. */
const ONLY_FOR: Record<string, readonly Actor[]> = {
  "/import": ["admin"],
  "/rejected": ["admin", "operator", "viewer", "open"],
  "/alerts/rules/new": ["admin", "operator"],
  "/settings/connections": ["admin"],
  "/settings/connections/[id]": ["admin"],
  "/settings/retention": ["admin"],
  "/settings/people": ["admin"],
  "/settings/keys": ["admin"],
  "/settings/audit": ["admin"],
  "/settings/masking": ["admin", "operator", "viewer", "open"],
};
/** Nothing is there of that name. */
const isMissing = (path: string) => path.includes("[");

let server: TestServer;
const cookies: Partial<Record<Actor, string>> = {};

beforeAll(async () => {
  await truncateAll();
  server = await startServer({ databaseUrl: env.DATABASE_URL ?? inject("templateUrl") });
  const first = await enterFirst();
  for (const role of ROLES) cookies[role] = role === "admin" ? first : await enterAs(role, first);
  cookies.open = await enterWithContentOpen(first);
  await storeItems("sesn_failed", failedSession("sesn_failed"));
  await storeItems("sesn_refused", refusedSession("sesn_refused"));
  await storeItems("sesn_running", runningSession("sesn_running"));
});
afterAll(() => server?.stop());

const open = (path: string, cookie = "") =>
  fetch(`${server.url}${path}?range=all`, { headers: { cookie }, redirect: "manual" });

/** Scripts run by this answer's nonce alone, nobody may frame it, keep it, or learn its address. */
function expectGuarded({ headers, status }: Response, html: string): void {
  const policy = headers.get("content-security-policy") ?? "";
  const [, nonce] = /script-src 'self' 'nonce-(\w{32})' 'strict-dynamic';/.exec(policy) ?? [];
  expect(policy).toBe(pagePolicy(nonce ?? "", { development: false }));
  const scripts = [...html.matchAll(/<(?:script|style)\b[^>]*>/g)].map(([tag]) => tag);
  expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
  expect(html).not.toMatch(/<[a-z][^>]*\son[a-z]+=/);
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    expect([name, headers.get(name)]).toEqual([name, value]);
  if (status !== 307) expect(headers.get("cache-control")).toContain("no-store");
}

describe.each(PAGES)("%s", (path) => {
  it("leads nobody but to the sign-in, with no cookie and with a made-up one", async () => {
    for (const cookie of ["", "watchkeeper_session=made_up"]) {
      const answer = await open(path, cookie);
      expect([answer.status, answer.headers.get("location")]).toEqual([
        307,
        expect.stringMatching(/\/sign-in/),
      ]);
      expectGuarded(answer, await answer.text());
    }
  });

  it.each(EVERYBODY)("as %s", async (role) => {
    const answer = await open(path, cookies[role]);
    const html = await answer.text();
    const isFor = (ONLY_FOR[path] ?? EVERYBODY).includes(role);
    const expected = path === "/settings" ? 307 : isMissing(path) ? 404 : 200;
    expect(answer.status).toBe(isFor ? expected : 403);
    expectGuarded(answer, html);
    if (role === "cost") expect(html).not.toContain(MARKER);
  });
});

it.each([
  ...["/sign-in", "/sign-in?with=key", "/setup?token=x", "/invitation?token=x", "/forgot"],
  ...["/new-password?token=x", "/sign-in/code", "/second-factor", "/nowhere"],
])("guards %s like the others, which anybody may open", async (path) => {
  const answer = await fetch(`${server.url}${path}`, { redirect: "manual" });
  expectGuarded(answer, await answer.text());
  const signedIn = await open(path, cookies.viewer);
  expectGuarded(signedIn, await signedIn.text());
});

it("leads who owes a second factor to where it is set up, from every page", async () => {
  const value = { second_factor: "everybody" };
  await prisma.setting.create({ data: { workspace: "default", key: "sign_in", value } });
  for (const path of PAGES) {
    const answer = await open(path, cookies.viewer);
    const next = new URLSearchParams({ next: `${path}?range=all` });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      307,
      `/second-factor?${next}`,
    ]);
  }
  expect(await (await open("/second-factor", cookies.viewer)).text()).toContain("Your password");
  await prisma.setting.deleteMany();
  const answer = await open("/second-factor", cookies.viewer);
  expect([answer.status, answer.headers.get("location")]).toEqual([307, "/"]);
});

it("would see it where it is told: to a viewer, on these pages, and to who has opened content", async () => {
  const tellingTo = async (cookie = "") => {
    const telling: string[] = [];
    for (const path of PAGES)
      if ((await (await open(path, cookie)).text()).includes(MARKER)) telling.push(path);
    return telling;
  };
  const telling = await tellingTo(cookies.viewer);
  expect(telling).toEqual(expect.arrayContaining(["/", "/sessions", "/sessions/sesn_failed"]));
  expect(await tellingTo(cookies.open)).toEqual(telling);
  await prisma.breakGlass.updateMany({ data: { until: new Date() } });
  expect(await tellingTo(cookies.open)).toEqual([]);
  expect(await prisma.session.count()).toBe(3);
});
