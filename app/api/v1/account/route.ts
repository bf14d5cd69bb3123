import { Account } from "@/lib/auth/people-schema";
import { readAccount } from "@/lib/auth/people-service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "figures", summary: "Who asks, and where they are signed in", response: Account },
  ({ caller, request }) => readAccount(caller, request.headers.get("cookie")),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
