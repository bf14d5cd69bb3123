import { z } from "zod";

const id = z.string().min(1).max(256);
const connection_id = id
  .nullable()
  .default(null)
  .describe("of these sessions; null: of whichever connection, and of none");

export const MOST_SESSIONS = 500;

const bySessions = z.strictObject({
  by: z.literal("sessions"),
  session_ids: z.array(id).min(1).max(MOST_SESSIONS, `expected at most ${MOST_SESSIONS} ids`),
  connection_id,
});
const byMetadata = z.strictObject({
  by: z.literal("metadata"),
  key: z.string().min(1).max(200),
  value: z.string().max(1_000),
});
const byConnection = z.strictObject({ by: z.literal("connection"), connection_id: id });

/** What is held: sessions, all that say something of themselves, or ever have since, or all of a connection. */
export const HoldSubject = z.discriminatedUnion("by", [bySessions, byMetadata, byConnection]);
export type HoldSubject = z.infer<typeof HoldSubject>;

/** What is erased. A connection's data goes with the connection. */
export const ErasureSubject = z.discriminatedUnion("by", [bySessions, byMetadata]);
export type ErasureSubject = z.infer<typeof ErasureSubject>;
