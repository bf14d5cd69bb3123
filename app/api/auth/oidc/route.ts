import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { sendToProvider } from "@/lib/oidc/redirects-service";

export const GET = route({ auth: "open", summary: "to the provider" }, ({ request }) =>
  sendToProvider(request),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
