import { BreakGlassState, NewBreakGlass, OwnBreakGlass } from "@/lib/auth/break-glass-schema";
import { endBreakGlass, openBreakGlass, readBreakGlass } from "@/lib/auth/break-glass-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "figures", summary: "Whether content is open for who asks", response: BreakGlassState },
  ({ caller }) => readBreakGlass(caller),
);

export const POST = route(
  {
    auth: "figures",
    audit: "break_glass.opened",
    summary: "Open content for a time, with a reason",
    body: NewBreakGlass,
    response: OwnBreakGlass,
    status: 201,
  },
  ({ caller, body }) => openBreakGlass(caller, body),
);

export const DELETE = route(
  {
    auth: "figures",
    audit: "break_glass.closed",
    summary: "Hide content again before the time is over",
    status: 204,
  },
  ({ caller }) => endBreakGlass(caller),
);

export const { PUT, PATCH, OPTIONS } = otherMethods("GET", "POST", "DELETE");
