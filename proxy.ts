import type { NextRequest } from "next/server";
import { passPage } from "@/lib/auth/page-gate";
import { awayPage } from "@/lib/http/away-service";

/** Before every page, and pages only. */
export async function proxy(request: NextRequest): Promise<Response> {
  return (await awayPage()) ?? passPage(request);
}

export const config = {
  matcher: [
    "/((?!api(?:/|$)|metrics(?:/|$)|_next/static|_next/image|favicon.ico|icon.svg|robots.txt).*)",
  ],
};
