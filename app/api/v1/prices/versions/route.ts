import { VersionsPage, VersionsQuery } from "@/lib/costs/prices-schema";
import { readVersions } from "@/lib/costs/prices-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "figures",
    summary: "Versions of the own terms, newest first",
    query: VersionsQuery,
    response: VersionsPage,
  },
  ({ caller, query }) => readVersions(caller.workspace, query),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
