import { headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";
import { allows } from "./roles";
import { type Caller, PATH_HEADER, type Scope } from "./schema";
import { callerOfCookie } from "./service";

/** Who looks at this page, asked once a request; null for a cookie that is missing, dead or made up. */
export const readViewer = cache(async (): Promise<Caller | null> => {
  return callerOfCookie(await headers(), new Date());
});

/**
 * For every signed-in page, before anything streams: whose role does not have what it needs is told
 * so, and who owes a second factor is led to where it is set up.
 */
export async function requireViewer(needed: Scope = "figures"): Promise<Caller> {
  const viewer = await readViewer();
  if (viewer && !viewer.isHeld) return allows(viewer.scopes, needed) ? viewer : forbidden();
  const door = viewer ? "/second-factor" : "/sign-in";
  const path = (await headers()).get(PATH_HEADER);
  return redirect(path ? `${door}?${new URLSearchParams({ next: path })}` : door);
}
