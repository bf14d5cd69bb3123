import { previewRule } from "@/lib/alerts/preview-service";
import { NewRule } from "@/lib/alerts/rule-schema";
import { Preview } from "@/lib/alerts/rules-schema";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  { auth: "read", summary: "What a rule would find now", body: NewRule, response: Preview },
  ({ caller, body }) => previewRule(caller.workspace, body),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
