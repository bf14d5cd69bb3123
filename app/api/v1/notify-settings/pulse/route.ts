import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { NewPulse, Pulse } from "@/lib/notify/pulse-schema";
import { readItem, savePulse } from "@/lib/notify/pulse-service";

export const GET = route(
  {
    auth: "read",
    summary: "The address that is called after each round of evaluation",
    response: Pulse,
  },
  ({ caller }) => readItem(caller.workspace),
);

export const PUT = route(
  {
    auth: "write",
    audit: "notify_settings.changed",
    summary: "Change it; somebody elsewhere notices when the calls stop",
    body: NewPulse,
    response: Pulse,
  },
  ({ caller, body }) => savePulse(caller.workspace, body),
);

export const { POST, PATCH, DELETE, OPTIONS } = otherMethods("GET", "PUT");
