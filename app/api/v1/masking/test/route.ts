import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { MaskingTest, MaskingTestAnswer } from "@/lib/masking/schema";
import { testMasking } from "@/lib/masking/service";

export const POST = route(
  {
    auth: "admin",
    summary: "What rules, saved or not, would do to a text; nothing of it is kept",
    body: MaskingTest,
    response: MaskingTestAnswer,
  },
  ({ caller, body }) => testMasking(caller.workspace, body),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
