import { KeyParams } from "@/lib/auth/keys-schema";
import { endKey } from "@/lib/auth/keys-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const DELETE = route(
  {
    auth: "admin",
    audit: "key.revoked",
    summary: "Revoke an API key",
    params: KeyParams,
    status: 204,
  },
  ({ caller, params }) => endKey(caller, params.id),
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
