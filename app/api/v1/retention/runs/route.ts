import { authorOf } from "@/lib/auth/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { askForRun } from "@/lib/retention/run-service";
import { RetentionRunItem } from "@/lib/retention/schema";

export const POST = route(
  {
    auth: "admin",
    audit: "retention.asked",
    summary: "Have retention drop now what is due",
    response: RetentionRunItem,
    status: 201,
  },
  async ({ caller }) => askForRun(caller.workspace, await authorOf(caller)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
