import { z } from "zod";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { openHintStream } from "@/lib/live/stream-service";

export const GET = route(
  {
    auth: "figures",
    summary: "Which sessions change, as server-sent events",
    produces: { "text/event-stream": z.string() },
  },
  ({ request, caller }) => openHintStream({ request, caller }),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
