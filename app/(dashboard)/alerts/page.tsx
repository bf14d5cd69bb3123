import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { valuesOf } from "@/app/(dashboard)/prefetch-metrics";
import { AlertsView } from "@/components/alerts/alerts-view";
import { episodeParams } from "@/components/alerts/episode-filter";
import { AlertsQuery, EpisodesQuery } from "@/lib/alerts/episode-schema";
import { readAlerts, readEpisodes } from "@/lib/alerts/episode-service";
import { alertsNow, EPISODES_PAGE, episodesList } from "@/lib/alerts/queries";
import { requireViewer } from "@/lib/auth/viewer";
import { type PageProps, pageParams } from "@/lib/http/page-params";
import { Hydrated } from "../hydrated";

export const metadata: Metadata = { title: "Alerts" };

export default async function AlertsPage(props: PageProps) {
  const viewer = await requireViewer();
  const filter = episodeParams(await pageParams(props));
  const asked = valuesOf(new URLSearchParams(`${filter}&limit=${EPISODES_PAGE}`));
  const episodes = EpisodesQuery.safeParse(asked);
  const client = new QueryClient();
  await Promise.all([
    client.prefetchQuery({
      ...alertsNow(),
      queryFn: () => readAlerts(viewer, AlertsQuery.parse({})),
    }),
    episodes.success
      ? client.prefetchInfiniteQuery({
          ...episodesList(filter),
          queryFn: () => readEpisodes(viewer, episodes.data),
        })
      : null,
  ]);
  return (
    <Hydrated client={client}>
      <AlertsView />
    </Hydrated>
  );
}
