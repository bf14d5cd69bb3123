import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ErasurePreview, ErasurePreviewQuestion } from "@/lib/retention/erasure-schema";
import { previewErasure } from "@/lib/retention/erasure-service";

export const POST = route(
  {
    auth: "admin",
    summary: "What an erasure would take; nothing is changed",
    body: ErasurePreviewQuestion,
    response: ErasurePreview,
  },
  ({ caller, body }) => previewErasure(caller.workspace, body),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
