import { z } from "zod";
import { markKeyRevoked } from "@/lib/auth/store";
import { AppError } from "@/lib/http/errors";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const DELETE = route(
  {
    auth: "admin",
    audit: "key.revoked",
    summary: "Revoke an API key",
    params: z.object({ id: z.string().max(100) }),
    status: 204,
  },
  async ({ caller, params }) => {
    const revoked = await markKeyRevoked({
      ...params,
      workspace: caller.workspace,
      now: new Date(),
    });
    if (!revoked) throw new AppError("not_found", "There is no such key in use.");
    return undefined;
  },
);

export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
