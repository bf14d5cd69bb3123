import { EpisodeDetail, EpisodeParams } from "@/lib/alerts/episode-schema";
import { readEpisodeDetail } from "@/lib/alerts/episode-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "An episode: transitions, deliveries, sessions, notes",
    params: EpisodeParams,
    response: EpisodeDetail,
  },
  ({ caller, params }) => readEpisodeDetail(caller, params.id),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
