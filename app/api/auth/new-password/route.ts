import { acceptPasswordForm } from "@/lib/auth/forms";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route({ auth: "open", summary: "new-password" }, ({ request }) =>
  acceptPasswordForm(request),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
