import { BackupCodes, CodeProof } from "@/lib/auth/second-factor-schema";
import { confirmSecondFactor } from "@/lib/auth/second-factor-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "figures",
    whileHeld: true,
    audit: "access.second_factor_on",
    summary: "Switch the second factor on by a first code; all other browsers are signed out",
    body: CodeProof,
    response: BackupCodes,
  },
  ({ caller, body, request }) => confirmSecondFactor(caller, body, request.headers),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
