import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { DELETE, GET, PATCH, POST, PUT } from "@/app/api/[[...path]]/route";
import { GET as health } from "@/app/api/v1/health/route";
import { prisma } from "@/lib/db/client";
import { readBody } from "@/lib/http/body";
import { AppError } from "@/lib/http/errors";
import { notFound } from "@/lib/http/not-found";
import { otherMethods } from "@/lib/http/other-methods";
import { countRequest, REQUESTS_PER_MINUTE } from "@/lib/http/rate";
import { route } from "@/lib/http/route";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";

const ID = expect.stringMatching(/^req_[0-9a-f]{32}$/);
let read: { authorization: string };
beforeAll(async () => {
  await truncateAll();
  read = await bearer("read");
});

const Query = z.object({ limit: z.coerce.number().int().max(5).optional() });
const Body = z.strictObject({ name: z.string(), tags: z.array(z.string()).optional() });
const echo = route(
  { auth: "read", summary: "Echo", query: Query, response: z.unknown() },
  ({ query, caller }) => ({ query, workspace: caller.workspace }),
);
const create = route(
  { auth: "read", summary: "Create", body: Body, response: Body, status: 201 },
  ({ body }) => body,
);
const failing = (error: unknown) =>
  route({ auth: "open", summary: "Fail" }, () => {
    throw error;
  });

describe("who may call", () => {
  const refused = {
    error: {
      code: "unauthorized",
      message: "A valid API key is needed: send it as `Authorization: Bearer wk_…`.",
    },
    requestId: ID,
  };
  it.each([
    ["nothing", {}],
    ["a key nobody made", { authorization: "Bearer wk_0123456789abcdef0123456789abcdef" }],
    ["no key of ours", { authorization: "Bearer sk-ant-1" }],
    ["another way of signing in", { authorization: "Basic d2s6d2s=" }],
    ["an empty header", { authorization: "" }],
    ["a cookie nobody gave out", { cookie: "watchkeeper_session=abc" }],
  ])("answers 401 alike to %s", async (_, headers) => {
    const answer = await call(echo, "/api/v1/echo", { headers });
    expect([answer.status, answer.body]).toEqual([401, refused]);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="watchkeeper"');
  });

  it.each([
    ["ingest", "read", 403],
    ["read", "read", 200],
    ["write", "read", 200],
    ["admin", "read", 200],
    ["read", "write", 403],
    ["write", "write", 200],
    ["write", "ingest", 403],
    ["read", "admin", 403],
    ["write", "admin", 403],
    ["admin", "ingest", 200],
  ] as const)("lets a key of scope %s into %s: %i", async (scope, needed, status) => {
    const handler = route({ auth: needed, summary: "x", response: z.null() }, () => null);
    const answer = await call(handler, "/x", { headers: await bearer(scope) });
    expect(answer.status).toBe(status);
    if (status === 403)
      expect(answer.body).toEqual({
        error: {
          code: "forbidden",
          message: `This needs the scope ${needed}, which the key does not have.`,
        },
        requestId: ID,
      });
  });

  it("counts a key's requests and says when to come back", async () => {
    const headers = await bearer("read");
    const id = (await prisma.apiKey.findFirst({ orderBy: { createdAt: "desc" } }))?.id ?? "";
    await countRequest(id, { requests: REQUESTS_PER_MINUTE - 1 });
    expect((await call(echo, "/x", { headers })).status).toBe(200);
    const answer = await call(echo, "/x", { headers });
    expect(answer.status).toBe(429);
    expect(answer.body).toMatchObject({ error: { code: "rate_limited" }, requestId: ID });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(answer.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect((await call(echo, "/x", { headers: read })).status).toBe(200);
  });
});

describe("what comes in", () => {
  it.each([
    ["?limit=6", "limit", /<=5/],
    ["?limit=x", "limit", /expected number/],
    ["?limit=1&limit=2", "limit", /expected number/],
    ["?limti=1", "limti", /unknown name/],
    ["?a.b=1", "a", /unknown name/],
    ["?limit=1%00", "limit", /NUL/],
    ["?__proto__=1", "__proto__", /unknown name/],
  ])("refuses %s by name", async (search, path, message) => {
    const { status, body } = await call(echo, `/x${search}`, { headers: read });
    expect([status, body]).toEqual([
      400,
      {
        error: {
          code: "invalid",
          message: expect.stringMatching(message),
          issues: [{ path, message: expect.stringMatching(message) }],
        },
        requestId: ID,
      },
    ]);
  });

  it.each([
    ["", /The body is not valid/, ""],
    ["{", /The body is not JSON/, undefined],
    ['{"name": 1}', /name/, "name"],
    ['{"name": "a", "tags": ["a", 2]}', /tags\.1/, "tags.1"],
    ['{"name": "a", "more": 1}', /more/, "more"],
    ['{"name": "a\\u0000"}', /NUL/, "name"],
    ['{"name": "a", "tags": ["\\u0000"]}', /NUL/, "tags.0"],
    ["[]", /expected object/, ""],
    ["null", /expected object/, ""],
  ])("refuses the body %j", async (text, message, path) => {
    const answer = await call(create, "/x", { method: "POST", headers: read, body: text });
    expect(answer.status).toBe(400);
    const { error } = answer.body as { error: { message: string; issues?: { path: string }[] } };
    expect(error.message).toMatch(message);
    expect(error.issues?.[0]?.path).toBe(path);
  });

  it("takes a body, gzipped or not", async () => {
    const json = { name: "ünï", tags: [] };
    const plain = await call(create, "/x", { method: "POST", headers: read, json });
    const packed = await call(create, "/x", {
      method: "POST",
      headers: { ...read, "content-encoding": "gzip" },
      body: new Uint8Array(gzipSync(JSON.stringify(json))),
    });
    expect([plain.status, plain.body, packed.status, packed.body]).toEqual([201, json, 201, json]);
  });
});

describe("readBody", () => {
  const handler = route(
    { auth: "open", summary: "Size", response: z.number() },
    async ({ request }) => (await readBody(request, { maxBytes: 1 << 20 })).length,
  );
  const MIB = 1 << 20;
  const zeros = (bytes: number) => new Uint8Array(bytes);
  const packed = (bytes: number) => new Uint8Array(gzipSync(zeros(bytes)));
  const gzip = { "content-encoding": "gzip" };
  it.each([
    ["just at the limit", zeros(MIB), {}, 200, MIB],
    ["a byte too many", zeros(MIB + 1), {}, 413, "too_large"],
    ["gzip that unpacks to the limit", packed(MIB), gzip, 200, MIB],
    ["gzip that unpacks beyond it", packed(MIB + 1), gzip, 413, "too_large"],
    ["a bomb, 256 MiB in 260 kB", packed(1 << 28), gzip, 413, "too_large"],
    ["no gzip at all", zeros(10), gzip, 400, "invalid"],
    ["gzip cut short", packed(MIB).slice(0, 500), gzip, 400, "invalid"],
    ["an unknown coding", zeros(10), { "content-encoding": "br" }, 400, "invalid"],
    ["two codings", packed(10), { "content-encoding": "gzip, gzip" }, 400, "invalid"],
    ["none, said so", zeros(10), { "content-encoding": "identity" }, 200, 10],
    ["nothing", undefined, {}, 200, 0],
  ])("%s", async (_, body, headers, status, expected) => {
    const answer = await call(handler, "/x", {
      method: "POST",
      headers,
      ...(body ? { body } : {}),
    });
    expect(answer.status).toBe(status);
    const code = (answer.body as { error?: { code: string } })?.error?.code ?? answer.body;
    expect(code).toBe(expected);
  });

  it("stops reading a stream that says nothing of its length", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const request = new Request("http://localhost/x", {
      method: "POST",
      body: endless,
      duplex: "half",
    } as RequestInit);
    expect((await handler(request)).status).toBe(413);
    expect(sent).toBeLessThan(4 * MIB);
  });
});

describe("what goes out", () => {
  it("names the request and allows a browser nothing", async () => {
    const { headers } = await call(echo, "/x", { headers: read });
    expect(headers.get("x-request-id")).toEqual(ID);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("tells nothing of an error that was not expected", async () => {
    const secret = new Error("row with secret sk-ant-123");
    const answer = await call(failing(secret), "/x");
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain("sk-ant");
    expect(answer.body).toMatchObject({ error: { code: "internal" }, requestId: ID });
  });

  it.each([
    ["a refused connection", Object.assign(new Error("x"), { code: "ECONNREFUSED" })],
    ["one inside another", new Error("x", { cause: { code: "57P01" } })],
    ["Prisma's word for it", Object.assign(new Error("x"), { code: "P1001" })],
    [
      "a statement whose connection broke",
      Object.assign(new Error("Raw query failed."), {
        code: "P2010",
        meta: { driverAdapterError: { cause: { kind: "ConnectionClosed" } } },
      }),
    ],
  ])("says that the database is away: %s", async (_, error) => {
    const answer = await call(failing(error), "/x");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
  });

  it.each([
    ["the pool's", new Error("timeout exceeded when trying to connect")],
    [
      "Prisma's",
      Object.assign(
        new Error("Transaction API error: Unable to start a transaction in the given time."),
        { code: "P2028" },
      ),
    ],
  ])("asks to come again where there is too much to do, in %s words", async (_, error) => {
    const answer = await call(failing(error), "/x");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "2"]);
    expect(answer.body).toMatchObject({ error: { code: "rate_limited" } });
  });

  it("says that the disk is full, and what to do", async () => {
    const meta = { driverAdapterError: { cause: { originalCode: "53100" } } };
    const answer = await call(
      failing(Object.assign(new Error("x"), { code: "P2010", meta })),
      "/x",
    );
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([507, "10"]);
    expect(answer.body).toMatchObject({
      error: { code: "out_of_space", message: expect.stringMatching(/nothing was stored\. Free/) },
    });
  });

  it("takes no words for it that a database quotes from what was sent", async () => {
    const quoting = Object.assign(new Error('invalid: "No space left on device"'), {
      code: "22P02",
    });
    expect((await call(failing(quoting), "/x")).status).toBe(500);
  });

  it("sends issues and retry-after of our own errors", async () => {
    const error = new AppError("conflict", "Twice.", {
      issues: [{ path: "name", message: "taken" }],
      retryAfterSeconds: 7,
    });
    const answer = await call(failing(error), "/x");
    expect([answer.status, answer.headers.get("retry-after"), answer.body]).toEqual([
      409,
      "7",
      {
        error: {
          code: "conflict",
          message: "Twice.",
          issues: [{ path: "name", message: "taken" }],
        },
        requestId: ID,
      },
    ]);
  });
});

describe("addresses and methods", () => {
  const unknownPath = { GET, POST, PUT, PATCH, DELETE };
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
  it.each(methods)("answers %s of an unknown path with 404", async (method) => {
    const answer = await call(unknownPath[method], "/api/v2/nothing", { method });
    expect(unknownPath[method]).toBe(notFound);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ error: { code: "not_found" }, requestId: ID });
  });

  it("answers other methods of a path with 405 and what is possible", async () => {
    const others = otherMethods("GET");
    for (const method of ["POST", "PUT", "PATCH", "DELETE"] as const) {
      const answer = await call(others[method], "/x", { method });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
      expect(answer.body).toMatchObject({ error: { code: "method_not_allowed" }, requestId: ID });
    }
    const options = await call(others.OPTIONS, "/x", { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
  });

  it("tells of its health to anybody, and no more than that", async () => {
    const answer = await call(health, "/api/v1/health");
    expect([answer.status, answer.body]).toEqual([
      200,
      { status: "ok", version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    ]);
  });
});
