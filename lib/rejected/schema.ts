// Rejected: what ingest could not take, kept whole with its reason until somebody takes care of it.
// Written by: ingest, which keeps it; people, who try it again (changed, if need be) or delete it.
// Read by: the page of rejected items, the overview.
// Invariant: an item leaves by being taken in, or by somebody's deleting it; never by itself.
import { z } from "zod";
import { queryInstant } from "@/lib/sessions/query-schema";
import { MOST_CHARS, MOST_COUNTED, SHOWN_CHARS } from "./sizes";

const text = z.string().min(1).max(MOST_CHARS).optional();

export const RejectedFilter = z.object({
  reason: text.describe("what the message begins with, up to its colon"),
  kind: text,
  source: text,
  session: text,
});
export type RejectedFilter = z.infer<typeof RejectedFilter>;

const cursor = z.string().max(512).optional();

export const RejectedQuery = RejectedFilter.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor,
});
export type RejectedQuery = z.infer<typeof RejectedQuery>;

const count = z.int().nonnegative();
const instant = z.string().describe("RFC 3339, UTC");

export const RejectedEntry = z
  .object({
    id: z.string(),
    received_at: instant,
    tried_at: instant.nullable().describe("when it was last tried again and refused again"),
    source: z.string(),
    connection_id: z.string().nullable(),
    kind: z.string(),
    code: z.string(),
    reason: z.string(),
    message: z.string(),
    session_id: z.string().nullable(),
    session_thread_id: z.string().nullable(),
    body: z.string().describe(`the item as a line of NDJSON, its first ${SHOWN_CHARS} characters`),
    body_bytes: count,
    complete: z
      .boolean()
      .describe("false where an earlier version kept its beginning only: it cannot be tried again"),
    changed: z.boolean().describe("whether somebody has changed the body since it came"),
  })
  .meta({ id: "RejectedEntry" });
export type RejectedEntry = z.infer<typeof RejectedEntry>;

export const RejectedItem = RejectedEntry.extend({
  body: z.string().describe("the item as a line of NDJSON"),
  original: z.string().nullable().describe("how it came, where the body was changed"),
}).meta({ id: "RejectedItem" });
export type RejectedItem = z.infer<typeof RejectedItem>;

export const RejectedPage = z.object({
  data: z.array(RejectedEntry),
  next_cursor: z.string().nullable(),
});
export type RejectedPage = z.infer<typeof RejectedPage>;

const values = z.array(z.object({ value: z.string(), count }));

export const RejectedCounts = z
  .object({
    total: count,
    capped: z.boolean().describe(`whether there are more than the ${MOST_COUNTED} counted`),
    newest_at: instant.nullable(),
    facets: z.object({ reason: values, kind: values, source: values }),
  })
  .meta({ id: "RejectedCounts" });
export type RejectedCounts = z.infer<typeof RejectedCounts>;

export const RejectedParams = z.object({ id: z.uuid() });

export const Retry = z
  .strictObject({
    body: z.string().min(1).optional().describe("the item, changed: one JSON object as in NDJSON"),
  })
  .optional()
  .meta({ id: "RejectedRetry" });
export type Retry = z.infer<typeof Retry>;

export const RetryAnswer = z
  .object({
    taken: z.boolean(),
    outcome: z.enum(["accepted", "updated", "duplicate"]).nullable(),
    session_id: z.string().nullable(),
    item: RejectedItem.nullable().describe("where it was refused again: with its new reason"),
  })
  .meta({ id: "RejectedRetryAnswer" });
export type RetryAnswer = z.infer<typeof RetryAnswer>;

export const RetryManyQuery = RejectedFilter.extend({
  limit: z.coerce.number().int().min(1).max(500).default(200),
  cursor,
});
export type RetryManyQuery = z.infer<typeof RetryManyQuery>;

export const RetryManyAnswer = z
  .object({
    tried: count,
    taken: count,
    refused: count,
    next_cursor: z.string().nullable().describe("asks for the next part, until it is null"),
  })
  .meta({ id: "RejectedRetryManyAnswer" });
export type RetryManyAnswer = z.infer<typeof RetryManyAnswer>;

export const DeleteManyQuery = RejectedFilter.extend({
  until: queryInstant.describe("the newest instant of arrival: what came later stays"),
});
export type DeleteManyQuery = z.infer<typeof DeleteManyQuery>;

export const DeleteManyAnswer = z
  .object({ deleted: count, more: z.boolean().describe("whether to ask again for the rest") })
  .meta({ id: "RejectedDeleteManyAnswer" });
export type DeleteManyAnswer = z.infer<typeof DeleteManyAnswer>;
