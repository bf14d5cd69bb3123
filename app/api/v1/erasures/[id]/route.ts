import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { ErasureItem, ErasureParams } from "@/lib/retention/erasure-schema";
import { readErasureItem } from "@/lib/retention/erasure-service";

export const GET = route(
  {
    auth: "admin",
    summary: "One erasure: how far it is, or its report",
    params: ErasureParams,
    response: ErasureItem,
  },
  ({ caller, params }) => readErasureItem({ workspace: caller.workspace, id: params.id }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
