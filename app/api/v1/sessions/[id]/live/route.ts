import { z } from "zod";
import { watchSession } from "@/lib/anthropic/watch-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { openHintStream } from "@/lib/live/stream-service";
import { ConnectionQuery, SessionRef } from "@/lib/sessions/detail-schema";
import { readKey } from "@/lib/sessions/store";

export const GET = route(
  {
    auth: "figures",
    summary: "When a session changes, as server-sent events",
    params: SessionRef,
    query: ConnectionQuery,
    produces: { "text/event-stream": z.string() },
  },
  async ({ request, caller, params, query }) => {
    const key = await readKey(caller.workspace, { ...params, ...query });
    const during = () => watchSession(key);
    return openHintStream({ request, caller, sessionId: key.sessionId, during });
  },
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
