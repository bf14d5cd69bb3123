import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { SilencePreview, SilencePreviewAnswer } from "@/lib/notify/silence-schema";
import { previewSilence } from "@/lib/notify/silences-service";

export const POST = route(
  {
    auth: "figures",
    summary: "What a silence would hide now, and would have hidden lately",
    body: SilencePreview,
    response: SilencePreviewAnswer,
  },
  ({ caller, body }) => previewSilence(caller.workspace, body),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
