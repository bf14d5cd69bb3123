import { EpisodeDetail, EpisodeParams, NewNote } from "@/lib/alerts/episode-schema";
import { addNote } from "@/lib/alerts/episode-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "write",
    audit: "episode.noted",
    summary: "Add a note to an episode",
    params: EpisodeParams,
    body: NewNote,
    response: EpisodeDetail,
    status: 201,
  },
  ({ caller, params, body }) => addNote(caller, params.id, body.text),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
