import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { SessionView } from "@/components/trace/session-view";
import { readState } from "@/components/trace/trace-url";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { typesOf } from "@/lib/sessions/event-words";
import { findSession, prefetchSession } from "@/lib/sessions/page-service";

type Props = PageProps & { params: Promise<{ sessionId: string }> };

const readItem = cache(async (sessionId: string) => {
  const { workspace } = await requireViewer();
  return findSession(workspace, decodeURIComponent(sessionId));
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const item = await readItem((await params).sessionId);
  return { title: item ? (item.title ?? item.id) : "No such session" };
}

export default async function SessionPage(props: Props) {
  const { workspace } = await requireViewer();
  const item = await readItem((await props.params).sessionId);
  if (!item) notFound();
  const { thread, categories, anchor } = readState(await pageParams(props));
  const client = await prefetchSession(workspace, item, {
    choice: { thread, types: typesOf(categories) },
    eventId: anchor.kind === "event" ? anchor.id : null,
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <SessionView key={item.id} sessionId={item.id} />
    </HydrationBoundary>
  );
}
