import { isAdmin } from "@/lib/auth/roles";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ChannelItem, ChannelsPage, NewChannel } from "@/lib/notify/channel-schema";
import { createChannel, listItems } from "@/lib/notify/channel-service";

export const GET = route(
  { auth: "figures", summary: "Channels, oldest first", response: ChannelsPage },
  ({ caller }) => listItems(caller.workspace),
);

export const POST = route(
  {
    auth: "write",
    audit: "channel.created",
    summary: "A new place where messages go",
    body: NewChannel,
    response: ChannelItem,
    status: 201,
  },
  ({ caller, body }) =>
    createChannel({ workspace: caller.workspace, isAdmin: isAdmin(caller) }, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
