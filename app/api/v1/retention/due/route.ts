import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { RetentionDue } from "@/lib/retention/schema";
import { readRetentionDue } from "@/lib/retention/settings-service";

export const GET = route(
  {
    auth: "admin",
    summary: "What retention would drop if it ran now",
    response: RetentionDue,
  },
  ({ caller }) => readRetentionDue(caller.workspace),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
