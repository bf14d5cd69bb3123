import { BreakGlassPage, BreakGlassQuery } from "@/lib/auth/break-glass-schema";
import { listBreakGlasses } from "@/lib/auth/break-glass-store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "admin",
    summary: "Who has opened content, when and why",
    query: BreakGlassQuery,
    response: BreakGlassPage,
  },
  ({ caller: { workspace }, query }) => listBreakGlasses({ workspace, now: new Date() }, query),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
