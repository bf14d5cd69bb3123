import { NewSecondFactor, PasswordProof } from "@/lib/auth/second-factor-schema";
import { beginSecondFactor } from "@/lib/auth/second-factor-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "figures",
    whileHeld: true,
    summary: "A key for one's authenticator app; it counts once a code has confirmed it",
    body: PasswordProof,
    response: NewSecondFactor,
  },
  ({ caller, body, request }) => beginSecondFactor(caller, body, request.headers),
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
