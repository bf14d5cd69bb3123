import { NextRequest } from "next/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { passPage } from "@/lib/auth/page-gate";
import { AppError, ERROR_STATUS, invalidPart, issuesOf } from "@/lib/http/errors";
import { pagePolicy } from "@/lib/http/security";
import { config } from "@/proxy";

describe("pagePolicy", () => {
  const policy = pagePolicy("abc", { development: false });
  it("lets scripts run by nonce alone", () => {
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|\*|https?:/);
  });
  it.each(["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"])(
    "has %s",
    (part) => expect(policy.split("; ")).toContain(part),
  );
});

describe("passPage", () => {
  const visit = (path: string, cookie?: string) =>
    passPage(
      new NextRequest(`http://localhost:3000${path}`, cookie ? { headers: { cookie } } : undefined),
    );
  const signedIn = "a=b; watchkeeper_session=secret";

  it.each([
    ["/", "/sign-in"],
    [
      "/sessions?outcome=failed&q=a b",
      "/sign-in?next=%2Fsessions%3Foutcome%3Dfailed%26q%3Da%2520b",
    ],
    ["/sign-inx", "/sign-in?next=%2Fsign-inx"],
  ])("leads %s without a cookie to %s", (path, location) => {
    const response = visit(path);
    expect(response.status).toBe(307);
    const { pathname, search } = new URL(response.headers.get("location") ?? "");
    expect(pathname + search).toBe(location);
  });

  it.each([
    ["/sign-in?next=%2F", undefined],
    ["/setup?token=x", undefined],
    ["/sessions/sesn_1?event=e", signedIn],
  ])("lets %s through with a nonce of its own and its path", (path, cookie) => {
    const [one, two] = [visit(path, cookie), visit(path, cookie)];
    const nonceOf = (response: Response) =>
      /'nonce-([0-9a-f]{32})'/.exec(response.headers.get("content-security-policy") ?? "")?.[1];
    expect(one.headers.get("x-middleware-next")).toBe("1");
    expect(nonceOf(one)).toMatch(/./);
    expect(nonceOf(one)).not.toBe(nonceOf(two));
    expect(one.headers.get("x-middleware-request-x-nonce")).toBe(nonceOf(one));
    expect(one.headers.get("x-middleware-request-x-watchkeeper-path")).toBe(path);
    expect(one.headers.get("x-frame-options")).toBe("DENY");
  });

  it.each([
    ["/", true],
    ["/sessions", true],
    ["/api-docs", true],
    ["/metricsx", true],
    ["/api", false],
    ["/api/v1/ingest", false],
    ["/metrics", false],
    ["/_next/static/a.js", false],
  ])("is asked about %s: %s", (path, asked) => {
    const [matcher = ""] = config.matcher;
    expect(new RegExp(`^${matcher}$`).test(path)).toBe(asked);
  });
});

describe("errors", () => {
  it.each(Object.entries(ERROR_STATUS))("%s is %i", (code, status) => {
    expect(new AppError(code as keyof typeof ERROR_STATUS, "x").status).toBe(status);
  });

  it("name the part, the path in the caller's words and what was expected", () => {
    const schema = z.strictObject({ a: z.object({ b: z.array(z.number()) }) });
    const parsed = schema.safeParse({ a: { b: [1, "x"] }, extra: 1, more: 2 });
    const error = parsed.error as z.ZodError;
    expect(issuesOf(error).map(({ path }) => path)).toEqual(["a.b.1", "extra", "more"]);
    expect(invalidPart("body", error).message).toMatch(
      /^The body is not valid\. a\.b\.1: .*expected number/,
    );
  });
});
