import { headers } from "next/headers";
import { originOf, within } from "@/lib/audit/origin";
import { recordView } from "@/lib/audit/service";
import { actorOf } from "./actor";
import type { Caller } from "./schema";

/** For a page that brings what a session said along: records who looks at it, as the API does. */
export async function recordPageView(viewer: Caller, sessionId: string): Promise<void> {
  const actor = () => actorOf(viewer);
  const origin = originOf(await headers(), { actor, requestId: null });
  await within(origin, () => recordView(viewer.workspace, sessionId));
}
