import { StuckPage, StuckQuery } from "@/lib/failures/schema";
import { readStuck } from "@/lib/failures/sessions-store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Sessions that wait for somebody or run without a sign of life, now",
    query: StuckQuery,
    response: StuckPage,
  },
  ({ caller, query }) => readStuck(caller.workspace, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
