import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { NotifySettings } from "@/lib/notify/settings-schema";
import { saveSettings } from "@/lib/notify/settings-service";
import { readSettings } from "@/lib/notify/settings-store";

export const GET = route(
  {
    auth: "figures",
    summary: "Which alerts hide others, and when messages go out by default",
    response: NotifySettings,
  },
  ({ caller }) => readSettings(caller.workspace),
);

export const PUT = route(
  {
    auth: "write",
    audit: "notify_settings.changed",
    summary: "Change them; what is left out is as at first",
    body: NotifySettings,
    response: NotifySettings,
  },
  ({ caller, body }) => saveSettings(caller.workspace, body),
);

export const { POST, PATCH, DELETE, OPTIONS } = otherMethods("GET", "PUT");
