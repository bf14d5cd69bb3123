import { SignInSettings } from "@/lib/auth/second-factor-schema";
import { changeSignInSettings } from "@/lib/auth/second-factor-service";
import { readSignInSettings } from "@/lib/auth/second-factor-store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  {
    auth: "admin",
    summary: "What signing in takes beside the password",
    response: SignInSettings,
  },
  ({ caller }) => readSignInSettings(caller.workspace),
);

export const PUT = route(
  {
    auth: "admin",
    audit: "access.settings_changed",
    summary: "Change it; it counts from everybody's next request on",
    body: SignInSettings,
    response: SignInSettings,
  },
  ({ caller, body }) => changeSignInSettings(caller, body),
);

export const { POST, PATCH, DELETE, OPTIONS } = otherMethods("GET", "PUT");
