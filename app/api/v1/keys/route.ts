import { KeyCreated, KeysPage, NewKey } from "@/lib/auth/schema";
import { createKey } from "@/lib/auth/service";
import { listKeys } from "@/lib/auth/store";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "admin", summary: "API keys in use, newest first", response: KeysPage },
  async ({ caller }) => ({ data: await listKeys(caller.workspace), next_cursor: null }),
);

export const POST = route(
  {
    auth: "admin",
    audit: "key.created",
    summary: "Create an API key; it is told this once",
    body: NewKey,
    response: KeyCreated,
    status: 201,
  },
  ({ caller, body }) => createKey(caller.workspace, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
