import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { describeCatalogue } from "@/lib/metrics/describe";
import { CatalogueAnswer } from "@/lib/metrics/query-schema";

export const GET = route(
  { auth: "figures", summary: "Every metric there is", response: CatalogueAnswer },
  () => describeCatalogue(),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
