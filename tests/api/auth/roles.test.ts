import { beforeAll, describe, expect, it } from "vitest";
import { allows, ROLES, scopesOf } from "@/lib/auth/roles";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { OPERATIONS } from "@/tests/support/operations";
import {
  browser,
  enterAs,
  enterFirst,
  enterWithContentOpen,
  openContent,
} from "@/tests/support/people";

/** `open`: cost only, with content open by a break-glass. */
const ACTORS = [...ROLES, "open"] as const;
type Actor = (typeof ACTORS)[number];

/** What is expected, written down once more and by hand: who may do what asks for which scope. */
const MAY: Record<string, readonly Actor[]> = {
  ingest: ["admin"],
  figures: ["admin", "operator", "viewer", "cost", "open"],
  read: ["admin", "operator", "viewer", "open"],
  write: ["admin", "operator"],
  admin: ["admin"],
};

const cookies: Partial<Record<Actor, string>> = {};
beforeAll(async () => {
  await truncateAll();
  const first = await enterFirst();
  for (const role of ROLES) cookies[role] = role === "admin" ? first : await enterAs(role, first);
  cookies.open = await enterWithContentOpen(first);
});

const ask = ({ path, method, handler }: (typeof OPERATIONS)[number], headers = {}) =>
  call(handler, path, { method, headers, params: { id: "none", number: "1", name: "none" } });

describe.each(OPERATIONS)("$method $path", (operation) => {
  const { auth } = operation.handler.spec;
  it("is for nobody without a name, if it is not open", async () => {
    expect((await ask(operation)).status === 401).toBe(auth !== "open");
  });
  it.each(ACTORS)("as %s", async (role) => {
    // The walk closes it where it comes to that operation.
    if (role === "open")
      expect([201, 409]).toContain((await openContent(cookies.open ?? "")).status);
    const answer = await ask(operation, browser(cookies[role] ?? ""));
    const isFor = auth === "open" || MAY[auth]?.includes(role) === true;
    expect([answer.status === 403, answer.status === 401]).toEqual([!isFor, false]);
    expect(answer.status).toBeLessThan(500);
  });
});

it("has no operation that writes for who may only read", () => {
  const reading = OPERATIONS.filter(({ handler }) =>
    ["figures", "read"].includes(handler.spec.auth),
  );
  const changing = reading.filter(({ method }) => method !== "GET");
  expect(changing.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    // Answers to questions that do not fit into a URL, and one's own account.
    "DELETE /api/v1/account/break-glass",
    "DELETE /api/v1/account/browsers/{id}",
    "POST /api/v1/account/break-glass",
    "POST /api/v1/account/password",
    "POST /api/v1/account/second-factor",
    "POST /api/v1/account/second-factor/backup-codes",
    "POST /api/v1/account/second-factor/confirmation",
    "POST /api/v1/account/second-factor/removal",
    "POST /api/v1/routes/preview",
    "POST /api/v1/rules/backtest",
    "POST /api/v1/rules/preview",
    "POST /api/v1/rules/thresholds",
    "POST /api/v1/silences/preview",
  ]);
});

it("says of the table what the table says", () => {
  for (const [scope, roles] of Object.entries(MAY))
    expect(
      ACTORS.filter((actor) => {
        const scopes = actor === "open" ? scopesOf("cost", true) : scopesOf(actor);
        return allows(scopes, scope as "read");
      }),
    ).toEqual(roles);
  // A break-glass adds nothing to who sees content anyway.
  for (const role of ["admin", "operator", "viewer"] as const)
    expect(scopesOf(role, true)).toEqual(scopesOf(role));
});
