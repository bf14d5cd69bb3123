import { isAdmin } from "@/lib/auth/roles";
import type { Caller } from "@/lib/auth/schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ChannelItem, ChannelParams, ChannelPatch } from "@/lib/notify/channel-schema";
import { changeChannel, readItem, removeChannel } from "@/lib/notify/channel-service";

const params = ChannelParams;
const by = (caller: Caller) => ({ workspace: caller.workspace, isAdmin: isAdmin(caller) });

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
  ({ caller, params, body }) => changeChannel({ ...by(caller), ...params }, body),
);

export const DELETE = route(
  {
    auth: "write",
    audit: "channel.deleted",
    summary: "Remove a channel; what waits for it is dropped",
    params,
    status: 204,
  },
  ({ caller, params }) => removeChannel({ ...by(caller), ...params }),
);

export const { POST, PUT, OPTIONS } = otherMethods("GET", "PATCH", "DELETE");
