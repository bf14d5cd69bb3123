import { Acknowledgement, EpisodeDetail, EpisodeParams } from "@/lib/alerts/episode-schema";
import { acknowledge } from "@/lib/alerts/episode-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const PUT = route(
  {
    auth: "write",
    audit: "episode.acknowledged",
    summary: "Acknowledge an episode, or take that back: no reminders until it closes or worsens",
    params: EpisodeParams,
    body: Acknowledgement,
    response: EpisodeDetail,
  },
  ({ caller, params, body }) => acknowledge(caller, params.id, body.acknowledged),
);
export const { GET, POST, PATCH, DELETE, OPTIONS } = otherMethods("PUT");
