import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { MuteTimingItem, MuteTimingParams, NewMuteTiming } from "@/lib/notify/mute-schema";
import { removeTiming, replaceTiming } from "@/lib/notify/mute-service";

export const PUT = route(
  {
    auth: "write",
    audit: "mute_timing.changed",
    summary: "Change a mute timing",
    params: MuteTimingParams,
    body: NewMuteTiming,
    response: MuteTimingItem,
  },
  ({ caller, params, body }) => replaceTiming(caller.workspace, params.id, body),
);

export const DELETE = route(
  {
    auth: "write",
    audit: "mute_timing.deleted",
    summary: "Delete a mute timing that no route refers to",
    params: MuteTimingParams,
    status: 204,
  },
  async ({ caller, params }) => {
    await removeTiming(caller.workspace, params.id);
    return undefined;
  },
);

export const { GET, POST, PATCH, OPTIONS } = otherMethods("PUT", "DELETE");
