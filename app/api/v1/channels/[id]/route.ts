import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ChannelItem, ChannelParams, ChannelPatch } from "@/lib/notify/channel-schema";
import { changeChannel, readItem, removeChannel } from "@/lib/notify/channel-service";

const params = ChannelParams;

export const GET = route(
  { auth: "figures", summary: "A channel", params, response: ChannelItem },
  ({ caller, params }) => readItem({ workspace: caller.workspace, ...params }),
);

export const PATCH = route(
  {
    auth: "write",
    audit: "channel.changed",
    summary: "Change a channel, or use a disabled one again",
    params,
    body: ChannelPatch,
    response: ChannelItem,
  },
  ({ caller, params, body }) => changeChannel({ workspace: caller.workspace, ...params }, body),
);

export const DELETE = route(
  {
    auth: "write",
    audit: "channel.deleted",
    summary: "Remove a channel; what waits for it is dropped",
    params,
    status: 204,
  },
  async ({ caller, params }) => {
    await removeChannel({ workspace: caller.workspace, ...params });
    return undefined;
  },
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
