import { ConnectionTest, ConnectionTestAnswer } from "@/lib/anthropic/schema";
import { testUnsaved } from "@/lib/anthropic/test-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "admin",
    summary: "What a key can see, or why nothing, before it is saved",
    body: ConnectionTest,
    response: ConnectionTestAnswer,
  },
  ({ body }) => testUnsaved(body),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
