// Saved views: a filter of a room's list under a name, shared by the workspace.
// Written and read by people through the views API. Part of the room of schema.ts.
import { z } from "zod";
import { contentQuestion, saidAs } from "@/lib/http/content";
import { SessionFilter } from "./query-schema";

const room = z.enum(["sessions", "whatif"]);
const name = z.string().trim().min(1).max(80);
const query = z.string().max(4000).describe("the page's query string, as it stands in the URL");

/** Without words that somebody has searched what sessions said for. */
function withoutWords(text: string): string {
  const kept = [...new URLSearchParams(text)].filter(
    ([key, value]) => contentQuestion(SessionFilter, { [key]: value }) === null,
  );
  return new URLSearchParams(kept).toString();
}

export const ViewItem = z
  .object({
    ...{ id: z.string(), room, name, created_at: z.string() },
    query: saidAs(query.clone(), withoutWords),
  })
  .meta({ id: "View" });
export type ViewItem = z.infer<typeof ViewItem>;

export const NewView = z
  .strictObject({ room: room.default("sessions"), name, query })
  .meta({ id: "NewView" });
export type NewView = z.infer<typeof NewView>;

export const ViewsQuery = z.object({ room: room.default("sessions") });
export type ViewsQuery = z.infer<typeof ViewsQuery>;

export const ViewsPage = z.object({ data: z.array(ViewItem), next_cursor: z.null() });
export type ViewsPage = z.infer<typeof ViewsPage>;
