import { z } from "zod";
import { normalInstant } from "./instant";

const key = z.string().max(256);
export const CursorInstant = z
  .string()
  .max(40)
  .refine((text) => normalInstant(text) === text);

/** A place among sessions: what they were sorted by, and the last one seen. */
export const SessionsCursor = z.object({
  s: z.string(),
  o: z.enum(["asc", "desc"]),
  /** Text of the sort value; null in the part of the list that has none. */
  v: z.union([CursorInstant, z.string().regex(/^-?\d{1,19}$/)]).nullable(),
  i: key,
  c: key,
});
export type SessionsCursor = z.infer<typeof SessionsCursor>;

/** A place among events: `[at, rank, thread, id]` of the last one seen, and which way to go on. */
export const EventsCursor = z.object({
  k: z.tuple([CursorInstant.nullable(), z.int().min(-32768).max(32767), key, key]),
  o: z.enum(["asc", "desc"]),
  d: z.enum(["next", "prev"]),
});
export type EventsCursor = z.infer<typeof EventsCursor>;

/** A place among spans or turns: start and id of the last one seen. */
export const SpansCursor = z.object({
  k: z.tuple([CursorInstant, key]),
  o: z.enum(["asc", "desc"]),
});
export type SpansCursor = z.infer<typeof SpansCursor>;

export const RejectedCursor = z.tuple([CursorInstant, z.uuid()]);
