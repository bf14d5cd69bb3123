import { dehydrate, HydrationBoundary, type QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { allows } from "@/lib/auth/roles";
import { requireViewer } from "@/lib/auth/viewer";

/**
 * Gives a page what was read for it. Who may see figures alone gets nothing that was read past the
 * API: their browser asks for it there, where what sessions said is left out.
 */
export async function Hydrated({ client, children }: { client: QueryClient; children: ReactNode }) {
  const { scopes } = await requireViewer();
  const state = allows(scopes, "read") ? dehydrate(client) : null;
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}
