import { KeyCreated, KeysPage, NewKey } from "@/lib/auth/keys-schema";
import { createKey } from "@/lib/auth/keys-service";
import { listKeys } from "@/lib/auth/keys-store";
import { makerOf } from "@/lib/auth/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "admin", summary: "API keys in use, newest first", response: KeysPage },
  async ({ caller }) => ({
    data: await listKeys(caller.workspace, new Date()),
    next_cursor: null,
  }),
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
  async ({ caller, body }) =>
    createKey({ workspace: caller.workspace, ...(await makerOf(caller)) }, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
