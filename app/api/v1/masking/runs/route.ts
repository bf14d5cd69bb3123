import { authorOf } from "@/lib/auth/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { MaskingRunItem, MaskingRunsAnswer, NewMaskingRun } from "@/lib/masking/runs-schema";
import { readMaskingRuns, startMaskingRun } from "@/lib/masking/runs-service";

export const GET = route(
  {
    auth: "read",
    summary: "How masking what is stored went last, or how far it is",
    response: MaskingRunsAnswer,
  },
  ({ caller }) => readMaskingRuns(caller.workspace),
);

export const POST = route(
  {
    auth: "admin",
    audit: "masking.asked",
    summary: "Mask what is stored by the rules that hold, or find out what that would change",
    body: NewMaskingRun,
    response: MaskingRunItem,
    status: 201,
  },
  async ({ caller, body }) =>
    startMaskingRun(caller.workspace, body, { by: await authorOf(caller) }),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
