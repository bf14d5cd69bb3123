import { BreakGlassParams } from "@/lib/auth/break-glass-schema";
import { endBreakGlass } from "@/lib/auth/break-glass-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const DELETE = route(
  {
    auth: "admin",
    audit: "break_glass.closed",
    summary: "End somebody's break-glass before its time",
    params: BreakGlassParams,
    status: 204,
  },
  ({ caller, params }) => endBreakGlass(caller, params.id),
);
export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
