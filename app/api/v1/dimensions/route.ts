import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import {
  DimensionItem,
  DimensionsAnswer,
  DimensionsQuery,
  NewDimension,
} from "@/lib/metrics/promoted-schema";
import { demote, promote, readDimensions } from "@/lib/metrics/promoted-service";

export const GET = route(
  {
    auth: "figures",
    summary: "The metadata keys there are, and which of them metrics are rolled up by",
    query: DimensionsQuery,
    response: DimensionsAnswer,
  },
  ({ caller, query }) => readDimensions(caller.workspace, query),
);

export const PUT = route(
  {
    auth: "admin",
    audit: "dimension.promoted",
    summary: "Promote a metadata key to a dimension; history is counted in the background",
    body: NewDimension,
    response: DimensionItem,
  },
  ({ caller, body }) => promote(caller.workspace, body),
);

export const DELETE = route(
  {
    ...{ auth: "admin", audit: "dimension.demoted", query: NewDimension, status: 204 },
    summary: "Take a promotion back",
  },
  ({ caller, query }) => demote(caller.workspace, query),
);

export const { POST, PATCH, OPTIONS } = otherMethods("GET", "PUT", "DELETE");
