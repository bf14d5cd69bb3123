import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { cache } from "react";
import { orNotFound } from "@/app/(dashboard)/or-not-found";
import { EpisodeView } from "@/components/alerts/episode-view";
import { readEpisodeDetail } from "@/lib/alerts/episode-service";
import { episodeDetail } from "@/lib/alerts/queries";
import { requireViewer } from "@/lib/auth/viewer";
import { plain } from "@/lib/format";
import { Hydrated } from "../../../hydrated";

type Props = { params: Promise<{ episodeId: string }> };

const readItem = cache(async (id: string) => {
  return orNotFound(readEpisodeDetail(await requireViewer(), id));
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: plain((await readItem((await params).episodeId)).rule_name) };
}

export default async function EpisodePage({ params }: Props) {
  const { episodeId: id } = await params;
  const client = new QueryClient();
  client.setQueryData(episodeDetail(id).queryKey, await readItem(id));
  return (
    <Hydrated client={client}>
      <EpisodeView key={id} id={id} />
    </Hydrated>
  );
}
