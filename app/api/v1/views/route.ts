import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { NewView, ViewItem, ViewsPage, ViewsQuery } from "@/lib/sessions/views-schema";
import { listViews, saveView } from "@/lib/sessions/views-store";

export const GET = route(
  { auth: "figures", summary: "Saved views", query: ViewsQuery, response: ViewsPage },
  ({ caller, query }) => listViews(caller.workspace, query),
);

export const POST = route(
  {
    auth: "write",
    audit: "view.saved",
    summary: "Save a view",
    body: NewView,
    response: ViewItem,
    status: 201,
  },
  ({ caller, body }) => saveView(caller.workspace, body),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
