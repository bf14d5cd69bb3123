import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/env";
import { SECURITY_HEADERS } from "@/lib/http/guards.mjs";
import { pagePolicy } from "@/lib/http/security";
import { readCookie } from "./cookie";
import { PATH_HEADER, SESSION_COOKIE } from "./schema";

const OPEN_PATHS = ["/sign-in", "/setup", "/invitation", "/new-password", "/forgot"];

/**
 * A nonce for the page's content policy, and the way to the sign-in for browsers without a cookie.
 * Whether a cookie is good is asked by the page itself, before it renders.
 */
export function passPage(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  const cookie = readCookie(request.headers.get("cookie"), SESSION_COOKIE);
  const open = OPEN_PATHS.some((path) => pathname === path || pathname.startsWith(`${path}/`));
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const policy = pagePolicy(nonce, { development: env.NODE_ENV === "development" });

  if (cookie === null && !open) {
    const signIn = request.nextUrl.clone();
    signIn.pathname = "/sign-in";
    signIn.search = pathname === "/" ? "" : `?${new URLSearchParams({ next: pathname + search })}`;
    return secured(NextResponse.redirect(signIn), policy);
  }
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  headers.set(PATH_HEADER, pathname + search);
  return secured(NextResponse.next({ request: { headers } }), policy);
}

function secured(response: NextResponse, policy: string): NextResponse {
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
  return response;
}
