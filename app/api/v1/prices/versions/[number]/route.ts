import { VersionDetail, VersionParams, VersionQuery } from "@/lib/costs/prices-schema";
import { readVersionDetail } from "@/lib/costs/prices-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "A version of the own terms, and how it differs from another",
    params: VersionParams,
    query: VersionQuery,
    response: VersionDetail,
  },
  ({ caller, params, query }) => readVersionDetail(caller.workspace, params.number, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
