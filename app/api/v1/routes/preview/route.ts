import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { RoutePreview, RoutePreviewAnswer } from "@/lib/notify/route-schema";
import { previewRoutes } from "@/lib/notify/routes-service";

export const POST = route(
  {
    auth: "figures",
    summary: "Where an alert with these labels would go, and when",
    body: RoutePreview,
    response: RoutePreviewAnswer,
  },
  ({ caller, body }) => previewRoutes(caller.workspace, body),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
