import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ChannelParams, ChannelTest, ChannelTestAnswer } from "@/lib/notify/channel-schema";
import { testChannel } from "@/lib/notify/test-service";

export const POST = route(
  {
    auth: "write",
    audit: "channel.tested",
    summary: "Send a sample, and see what the receiver answers",
    params: ChannelParams,
    body: ChannelTest.default({ status: "opened" }),
    response: ChannelTestAnswer,
  },
  ({ caller, params, body }) => testChannel({ workspace: caller.workspace, ...params }, body),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
