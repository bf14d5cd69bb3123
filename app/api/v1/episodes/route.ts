import { EpisodesPage, EpisodesQuery } from "@/lib/alerts/episode-schema";
import { readEpisodes } from "@/lib/alerts/episode-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Episodes, newest first",
    query: EpisodesQuery,
    response: EpisodesPage,
  },
  ({ caller, query }) => readEpisodes(caller, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
