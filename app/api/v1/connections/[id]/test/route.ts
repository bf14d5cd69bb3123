import { ConnectionTestAnswer } from "@/lib/anthropic/schema";
import { testStored } from "@/lib/anthropic/test-service";
import { ConnectionParams } from "@/lib/connections/schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "admin",
    summary: "What a connection's key can see at this moment, or why nothing",
    params: ConnectionParams,
    response: ConnectionTestAnswer,
  },
  ({ caller, params }) => testStored({ workspace: caller.workspace, ...params }),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
