import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { receiveFromProvider } from "@/lib/oidc/redirects-service";

export const GET = route({ auth: "open", summary: "back from the provider" }, ({ request }) =>
  receiveFromProvider(request),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
