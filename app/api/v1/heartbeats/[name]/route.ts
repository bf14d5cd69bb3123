import { HeartbeatItem, HeartbeatParams } from "@/lib/alerts/episode-schema";
import { deleteBeat, saveBeat } from "@/lib/alerts/heartbeat-store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

const params = HeartbeatParams;

export const POST = route(
  { auth: "ingest", summary: "I am alive", params, response: HeartbeatItem },
  ({ caller, params: { name } }) => saveBeat(caller.workspace, name),
);

export const DELETE = route(
  { auth: "write", audit: "heartbeat.deleted", summary: "Forget a heartbeat", params, status: 204 },
  async ({ caller, params: { name } }) => {
    await deleteBeat(caller.workspace, name);
    return undefined;
  },
);

export const { GET, PUT, PATCH, OPTIONS } = otherMethods("POST", "DELETE");
