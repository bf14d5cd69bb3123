import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { MaskingAnswer, MaskingChange } from "@/lib/masking/schema";
import { changeMasking, readMasking } from "@/lib/masking/service";

export const GET = route(
  {
    auth: "read",
    summary: "The rules by which content is masked, and what they have masked",
    response: MaskingAnswer,
  },
  ({ caller }) => readMasking(caller.workspace),
);

export const PUT = route(
  {
    auth: "admin",
    audit: "masking.changed",
    summary: "Change them, for what comes in from then on",
    body: MaskingChange,
    response: MaskingAnswer,
  },
  ({ caller, body }) => changeMasking(caller.workspace, body),
);

export const { POST, PATCH, DELETE, OPTIONS } = otherMethods("GET", "PUT");
