import { HeartbeatsPage } from "@/lib/alerts/episode-schema";
import { listBeats } from "@/lib/alerts/heartbeat-store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "figures", summary: "Heartbeats that have come", response: HeartbeatsPage },
  async ({ caller }) => ({ data: await listBeats(caller.workspace), next_cursor: null }),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
