import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { type Caller, PATH_HEADER } from "./schema";
import { callerOfCookie } from "./service";

/** Who looks at this page, asked once a request; null for a cookie that is missing, dead or made up. */
export const readViewer = cache(async (): Promise<Caller | null> => {
  return callerOfCookie((await headers()).get("cookie"), new Date());
});

/** For every signed-in page, before anything streams. */
export async function requireViewer(): Promise<Caller> {
  const viewer = await readViewer();
  if (viewer) return viewer;
  const path = (await headers()).get(PATH_HEADER);
  return redirect(path ? `/sign-in?${new URLSearchParams({ next: path })}` : "/sign-in");
}
