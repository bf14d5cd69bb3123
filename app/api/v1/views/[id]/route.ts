import { z } from "zod";
import { otherMethods } from "@/lib/http/other-methods";
import { route } from "@/lib/http/route";
import { deleteView } from "@/lib/sessions/views-store";

export const DELETE = route(
  {
    auth: "write",
    audit: "view.deleted",
    summary: "Delete a saved view",
    params: z.object({ id: z.string().max(100) }),
    status: 204,
  },
  async ({ caller, params }) => {
    await deleteView(caller.workspace, params.id);
    return undefined;
  },
);
export const { GET, POST, PUT, PATCH, OPTIONS } = otherMethods("DELETE");
