import { dehydrate, HydrationBoundary, type QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { recordPageLook } from "@/lib/auth/page-view";
import { allows } from "@/lib/auth/roles";
import { requireViewer } from "@/lib/auth/viewer";

type HydratedProps = {
  client: QueryClient;
  /** Nothing in it is what sessions said. */
  hasFiguresOnly?: boolean;
  children: ReactNode;
};

/**
 * Gives a page what was read for it. Who may see figures alone gets nothing that was read past the
 * API: their browser asks for it there, where what sessions said is left out.
 */
export async function Hydrated({ client, hasFiguresOnly = false, children }: HydratedProps) {
  const viewer = await requireViewer();
  const isFor = hasFiguresOnly || allows(viewer.scopes, "read");
  if (!hasFiguresOnly) await recordPageLook(viewer);
  const state = isFor ? dehydrate(client) : null;
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}
