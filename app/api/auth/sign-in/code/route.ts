import { acceptCodeForm } from "@/lib/auth/forms";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route({ auth: "open", summary: "sign-in code" }, ({ request }) =>
  acceptCodeForm(request),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
