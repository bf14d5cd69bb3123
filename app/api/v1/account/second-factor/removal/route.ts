import { PasswordProof } from "@/lib/auth/second-factor-schema";
import { endSecondFactor } from "@/lib/auth/second-factor-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "figures",
    audit: "access.second_factor_off",
    summary: "Switch one's own second factor off",
    body: PasswordProof,
    status: 204,
  },
  ({ caller, body, request }) => endSecondFactor(caller, body, request.headers),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
