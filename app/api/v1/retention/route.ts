import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { RetentionAnswer, RetentionChange } from "@/lib/retention/schema";
import { changeRetention, readRetention } from "@/lib/retention/settings-service";

export const GET = route(
  {
    auth: "admin",
    summary: "How long what is stored stays, and the last runs of retention",
    response: RetentionAnswer,
  },
  ({ caller }) => readRetention(caller.workspace),
);

export const PUT = route(
  {
    auth: "admin",
    audit: "retention.changed",
    summary: "Change how long what is stored stays, from the next run on",
    body: RetentionChange,
    response: RetentionAnswer,
  },
  ({ caller, body }) => changeRetention(caller.workspace, body),
);

export const { POST, PATCH, DELETE, OPTIONS } = otherMethods("GET", "PUT");
