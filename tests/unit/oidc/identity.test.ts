import { describe, expect, it } from "vitest";
import { addressOf, identityOf, isOfDomain } from "@/lib/oidc/identity";

const ADA = { sub: "1", email: "Ada@Example.com ", email_verified: true, name: " Ada " };

describe("identityOf", () => {
  it("takes an address that is verified, in one writing", () => {
    expect(identityOf(ADA, null)).toEqual({
      ...{ sub: "1", email: "ada@example.com", name: "Ada", role: null },
    });
  });

  it.each([
    [true, true],
    ["true", true],
    [false, false],
    ["false", false],
    ["yes", false],
    [undefined, false],
  ])("with email_verified %j takes it: %s", (email_verified, taken) => {
    const { email } = identityOf({ ...ADA, email_verified }, null);
    expect(email).toBe(taken ? "ada@example.com" : null);
  });

  it.each([
    ["role", { role: "viewer" }, "viewer"],
    ["role", { role: ["sales", "cost", "operator"] }, "operator"],
    ["role", { role: "owner" }, "none"],
    ["role", { role: "Admin" }, "none"],
    ["role", { role: { admin: true } }, "none"],
    ["role", {}, "none"],
    ["realm_access.roles", { realm_access: { roles: ["admin"] } }, "admin"],
    ["realm_access.roles", { realm_access: "admin" }, "none"],
    ["https://x.example/role", { "https://x.example/role": "cost" }, "cost"],
    ["__proto__.role", {}, "none"],
    ["constructor.name", {}, "none"],
  ])("reads the role of %s in %j as %j", (claim, more, role) => {
    expect(identityOf({ ...ADA, ...more }, claim).role).toBe(role);
  });
});

it.each([
  ["a@example.com", [], true],
  ["a@example.com", ["example.com"], true],
  ["a@example.com", ["other.com", "example.com"], true],
  ["a@sub.example.com", ["example.com"], false],
  ["a@badexample.com", ["example.com"], false],
  ["example.com@evil.com", ["example.com"], false],
  ['"@example.com"@evil.com', ["example.com"], false],
])("isOfDomain(%s, %j) is %s", (email, domains, expected) => {
  expect(isOfDomain(email, domains)).toBe(expected);
});

it("takes an address as verified by what was said of that very one", () => {
  const [a, b] = ["a@example.com", "b@example.com"];
  const told = (...sources: object[]) =>
    addressOf(sources.map((source) => ({ sub: "x", ...source })));
  expect(told({ email: a }, { email: b, email_verified: true })).toEqual({ email: a });
  expect(told({ email: a }, { email: a, email_verified: true })).toEqual({
    ...{ email: a, email_verified: true },
  });
  expect(told({}, { email: b, email_verified: true })).toEqual({ email: b, email_verified: true });
  expect(told({ email_verified: true }, { email: b })).toEqual({ email: b });
});
