import { beforeAll, describe, expect, it } from "vitest";
import { POST as forgot } from "@/app/api/auth/forgot/route";
import { POST as invitation } from "@/app/api/auth/invitation/route";
import { POST as newPassword } from "@/app/api/auth/new-password/route";
import { POST as setup } from "@/app/api/auth/setup/route";
import { POST as signIn } from "@/app/api/auth/sign-in/route";
import { POST as signOut } from "@/app/api/auth/sign-out/route";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { OPERATIONS } from "@/tests/support/operations";
import { enterFirst } from "@/tests/support/people";

const OWN = "http://localhost:3000";
/** How a browser says that another site made it send this; one that is old says less. */
const FOREIGN: [string, Record<string, string>][] = [
  ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
  ["a neighbour's port", { "sec-fetch-site": "same-site", origin: "http://localhost:3001" }],
  ["another site that claims to be us", { "sec-fetch-site": "cross-site", origin: OWN }],
  ["an old browser on another site", { origin: "https://evil.example" }],
  ["a frame without an origin", { origin: "null" }],
  ["who says nothing", {}],
];
const FORMS = { forgot, invitation, newPassword, setup, signIn, signOut };
const MUTATIONS = OPERATIONS.filter(({ method }) => method !== "GET");

let cookie = "";
beforeAll(async () => {
  await truncateAll();
  cookie = await enterFirst();
});

describe.each(MUTATIONS)("an admin's cookie on $method $path", ({ path, method, handler }) => {
  it.each(FOREIGN)("is no good from %s", async (_, headers) => {
    const params = { id: "none", number: "1", name: "none" };
    const answer = await call(handler, path, { method, headers: { ...headers, cookie }, params });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({
      error: { message: expect.stringContaining("must come from this site") },
    });
  });
});

describe.each(Object.entries(FORMS))("the form %s", (_, handler) => {
  it.each(FOREIGN)("takes nothing from %s", async (_, headers) => {
    const body = new URLSearchParams({ token: "x", email: "ada@example.com", password: "x" });
    const answer = await call(handler, "/x", {
      ...{ method: "POST", headers: { ...headers, cookie }, body },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("set-cookie")).toBeNull();
  });
});

it("walks changes, and many of them", () => {
  expect(MUTATIONS.length).toBeGreaterThan(50);
  expect(MUTATIONS.filter(({ handler }) => handler.spec.auth === "open")).toEqual([]);
});
