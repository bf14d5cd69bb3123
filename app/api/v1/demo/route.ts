import { readDemo, requestDemo, requestRemoval } from "@/lib/demo/service";
import { DemoRequest, DemoState } from "@/lib/demo/state";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "figures", summary: "Where the demo fleet stands", response: DemoState },
  ({ caller }) => readDemo(caller.workspace),
);

export const POST = route(
  {
    auth: "admin",
    audit: "demo.requested",
    summary: "Fill the workspace with a simulated fleet, in the background",
    body: DemoRequest,
    response: DemoState,
  },
  ({ caller, body }) => requestDemo(caller.workspace, body),
);

export const DELETE = route(
  {
    auth: "admin",
    audit: "demo.removed",
    summary: "Remove all demo data, in the background",
    response: DemoState,
  },
  ({ caller }) => requestRemoval(caller.workspace),
);

export const { PUT, PATCH, OPTIONS } = otherMethods("GET", "POST", "DELETE");
