import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { MaskingRunItem, MaskingRunParams } from "@/lib/masking/runs-schema";
import { readMaskingRun, stopMaskingRun } from "@/lib/masking/runs-service";

const params = MaskingRunParams;

export const GET = route(
  {
    auth: "read",
    summary: "A run of masking what is stored, or its preview",
    params,
    response: MaskingRunItem,
  },
  ({ caller, params }) => readMaskingRun({ workspace: caller.workspace, ...params }),
);

export const DELETE = route(
  {
    auth: "admin",
    audit: "masking.stopped",
    summary: "Stop it; what is masked stays masked",
    params,
    response: MaskingRunItem,
  },
  ({ caller, params }) => stopMaskingRun({ workspace: caller.workspace, ...params }),
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods("GET", "DELETE");
