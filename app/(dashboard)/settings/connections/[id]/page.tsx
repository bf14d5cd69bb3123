import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { ConnectionView } from "@/components/connections/connection-view";
import { allows } from "@/lib/auth/scopes";
import { requireViewer } from "@/lib/auth/viewer";
import { connectionDetail } from "@/lib/connections/queries";
import { findItem } from "@/lib/connections/service";
import { env } from "@/lib/env";

type Props = { params: Promise<{ id: string }> };

/** Null when there is none; undefined for a viewer who may not see it, and is told so by the API. */
const readItem = cache(async (id: string) => {
  const { workspace, scopes } = await requireViewer();
  return allows(scopes, "admin") ? findItem({ workspace, id }) : undefined;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await readItem((await params).id))?.name ?? "Connection" };
}

export default async function ConnectionPage({ params }: Props) {
  const { id } = await params;
  const item = await readItem(id);
  if (item === null) notFound();
  const client = new QueryClient();
  if (item) client.setQueryData(connectionDetail(id).queryKey, item);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <ConnectionView key={id} id={id} publicUrl={env.WATCHKEEPER_PUBLIC_URL ?? null} />
    </HydrationBoundary>
  );
}
