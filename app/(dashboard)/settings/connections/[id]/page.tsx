import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { ConnectionView } from "@/components/connections/connection-view";
import { requireViewer } from "@/lib/auth/viewer";
import { connectionDetail } from "@/lib/connections/queries";
import { findItem } from "@/lib/connections/service";
import { env } from "@/lib/env";
import { plain } from "@/lib/format";
import { Hydrated } from "../../../hydrated";

type Props = { params: Promise<{ id: string }> };

/** Null when there is none. */
const readItem = cache(async (id: string) => {
  const { workspace } = await requireViewer("admin");
  return findItem({ workspace, id });
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: plain((await readItem((await params).id))?.name ?? "Connection") };
}

export default async function ConnectionPage({ params }: Props) {
  const { id } = await params;
  const item = await readItem(id);
  if (item === null) notFound();
  const client = new QueryClient();
  client.setQueryData(connectionDetail(id).queryKey, item);
  return (
    <Hydrated client={client}>
      <ConnectionView key={id} id={id} publicUrl={env.WATCHKEEPER_PUBLIC_URL ?? null} />
    </Hydrated>
  );
}
