import { headers } from "next/headers";
import { originOf, within } from "@/lib/audit/origin";
import { recordLook, recordView } from "@/lib/audit/service";
import { actorOf } from "./actor";
import { becauseOf } from "./break-glass";
import { lookOf } from "./break-glass-look";
import { type Caller, PATH_HEADER } from "./schema";

async function withinPage(viewer: Caller, work: () => Promise<void>): Promise<void> {
  const actor = () => actorOf(viewer);
  const open = viewer.breakGlass?.open ?? null;
  const because = open && becauseOf(open);
  const origin = originOf(await headers(), { actor, requestId: null, because });
  await within(origin, work);
}

/** For a page that brings what a session said along: records who looks at it, as the API does. */
export async function recordPageView(viewer: Caller, sessionId: string): Promise<void> {
  await withinPage(viewer, () => recordView(viewer.workspace, sessionId));
}

/** For every page that may bring content along: under a break-glass, that it was looked at. */
export async function recordPageLook(viewer: Caller): Promise<void> {
  const open = viewer.breakGlass?.open;
  if (!open) return;
  const path = (await headers()).get(PATH_HEADER) ?? "/";
  await withinPage(viewer, () => recordLook(viewer.workspace, lookOf(open, "PAGE", path)));
}
