import { ConnectionItem, ConnectionsPage, NewConnection } from "@/lib/connections/schema";
import { createConnection, listItems } from "@/lib/connections/service";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";

export const GET = route(
  { auth: "admin", summary: "Connections, oldest first", response: ConnectionsPage },
  ({ caller }) => listItems(caller.workspace),
);

export const POST = route(
  {
    auth: "admin",
    audit: "connection.created",
    summary: "Connect an Anthropic workspace; its history is read in the background",
    body: NewConnection,
    response: ConnectionItem,
    status: 201,
  },
  ({ caller, body }) => createConnection(caller.workspace, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
