import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SessionView } from "@/components/trace/session-view";
import { readState } from "@/components/trace/trace-url";
import { recordPageView } from "@/lib/auth/page-view";
import { allows } from "@/lib/auth/roles";
import { requireViewer } from "@/lib/auth/viewer";
import { plain } from "@/lib/format";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { typesOf } from "@/lib/sessions/event-words";
import { findSession, prefetchSession } from "@/lib/sessions/page-service";
import { Hydrated } from "../../hydrated";

type Props = PageProps & { params: Promise<{ sessionId: string }> };

async function readItem(props: Props) {
  const viewer = await requireViewer();
  const { workspace, scopes } = viewer;
  const search = await pageParams(props);
  const id = decodeURIComponent((await props.params).sessionId);
  const named = { id, connection: search.get("connection") ?? undefined };
  const mayRead = allows(scopes, "read");
  return { viewer, workspace, mayRead, named, search, item: await findSession(workspace, named) };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { item, mayRead } = await readItem(props);
  return { title: item ? plain((mayRead && item.title) || item.id) : "No such session" };
}

export default async function SessionPage(props: Props) {
  const { viewer, workspace, mayRead, named, search, item } = await readItem(props);
  if (!item) notFound();
  if (mayRead) await recordPageView(viewer, item.id);
  const { thread, categories, anchor } = readState(search);
  const choice = { thread, types: typesOf(categories) };
  const eventId = anchor.kind === "event" ? anchor.id : null;
  const client = await prefetchSession(workspace, { named, item, choice, eventId, mayRead });
  return (
    <Hydrated client={client} hasFiguresOnly={!mayRead}>
      <SessionView key={`${item.id} ${item.connection_id}`} {...named} />
    </Hydrated>
  );
}
