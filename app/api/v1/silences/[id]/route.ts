import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { NewSilence, SilenceItem, SilenceParams } from "@/lib/notify/silence-schema";
import { changeSilence, expireSilence, readSilenceItem } from "@/lib/notify/silences-service";

const params = SilenceParams;

export const GET = route(
  { auth: "figures", summary: "A silence, with its edits", params, response: SilenceItem },
  ({ caller, params }) => readSilenceItem(caller.workspace, params.id),
);

export const PUT = route(
  {
    auth: "write",
    audit: "silence.changed",
    summary: "Change a silence that has not ended; its start stays once it has begun",
    params,
    body: NewSilence,
    response: SilenceItem,
  },
  ({ caller, params, body }) => changeSilence(caller, params.id, body),
);

export const DELETE = route(
  { auth: "write", audit: "silence.ended", summary: "End a silence now", params, status: 204 },
  async ({ caller, params }) => {
    await expireSilence(caller, params.id);
    return undefined;
  },
);

export const { POST, PATCH, OPTIONS } = otherMethods("GET", "PUT", "DELETE");
