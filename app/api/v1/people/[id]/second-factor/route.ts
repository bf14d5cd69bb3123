import { PersonParams } from "@/lib/auth/people-schema";
import { resetSecondFactor } from "@/lib/auth/second-factor-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const DELETE = route(
  {
    auth: "admin",
    audit: "person.second_factor_reset",
    summary: "Take away a person's second factor; their password alone lets in again",
    params: PersonParams,
    status: 204,
  },
  ({ caller, params }) => resetSecondFactor(caller, params.id),
);
export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
