import { PasswordChange } from "@/lib/auth/people-schema";
import { changePassword } from "@/lib/auth/people-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "figures",
    audit: "access.password_set",
    summary: "Change one's own password; all other browsers are signed out",
    body: PasswordChange,
    status: 204,
  },
  ({ caller, body, request }) => changePassword(caller, body, request.headers),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
