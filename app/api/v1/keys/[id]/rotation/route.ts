import { KeyCreated, KeyParams, Rotation } from "@/lib/auth/keys-schema";
import { rotateKey } from "@/lib/auth/keys-service";
import { makerOf } from "@/lib/auth/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const POST = route(
  {
    auth: "admin",
    audit: "key.rotated",
    summary: "A new key in the place of one, which stays good for a while; it is told this once",
    params: KeyParams,
    body: Rotation,
    response: KeyCreated,
    status: 201,
  },
  async ({ caller, params, body }) => {
    const owner = { workspace: caller.workspace, ...(await makerOf(caller)) };
    return rotateKey(owner, params.id, body);
  },
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
