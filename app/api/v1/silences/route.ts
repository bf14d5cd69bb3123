import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { NewSilence, SilenceItem, SilencesPage, SilencesQuery } from "@/lib/notify/silence-schema";
import { createSilence, readSilences } from "@/lib/notify/silences-service";

export const GET = route(
  {
    auth: "figures",
    summary: "Silences, newest first, and what they hide",
    query: SilencesQuery,
    response: SilencesPage,
  },
  ({ caller, query }) => readSilences(caller.workspace, query),
);

export const POST = route(
  {
    auth: "write",
    audit: "silence.created",
    summary: "Tell nobody of some alerts for a time",
    body: NewSilence,
    response: SilenceItem,
    status: 201,
  },
  ({ caller, body }) => createSilence(caller, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
