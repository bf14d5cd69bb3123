// What the API of break-glasses takes and answers: a time in which somebody who sees figures alone may
// see content. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { BREAK_GLASS_MINUTES } from "./break-glass";

const instant = z.string().describe("RFC 3339, UTC");

export const OwnBreakGlass = z
  .object({
    id: z.string(),
    reason: z.string(),
    opened_at: instant,
    until: instant.describe("it ends by itself then"),
  })
  .meta({ id: "OwnBreakGlass" });
export type OwnBreakGlass = z.infer<typeof OwnBreakGlass>;

export const BreakGlassState = z.object({
  may_open: z.boolean().describe("false for who sees content anyway, and for API keys"),
  open: OwnBreakGlass.nullable(),
});
export type BreakGlassState = z.infer<typeof BreakGlassState>;

export const NewBreakGlass = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .min(10, "expected at least 10 characters: admins read it")
      .max(500, "at most 500 characters"),
    minutes: z.literal(BREAK_GLASS_MINUTES, "expected 15, 60 or 240"),
  })
  .meta({ id: "NewBreakGlass" });
export type NewBreakGlass = z.infer<typeof NewBreakGlass>;

export const BreakGlassItem = z
  .object({
    id: z.string(),
    person: z.object({ id: z.string(), email: z.string() }),
    reason: z.string(),
    opened_at: instant,
    until: instant,
    closed_at: instant.nullable().describe("before its time"),
    closed_by: z.string().nullable(),
    is_open: z.boolean(),
  })
  .meta({ id: "BreakGlass" });
export type BreakGlassItem = z.infer<typeof BreakGlassItem>;

export const BreakGlassQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(20),
  cursor: z.string().max(512).optional(),
});
export type BreakGlassQuery = z.infer<typeof BreakGlassQuery>;

export const BreakGlassPage = z.object({
  data: z.array(BreakGlassItem).describe("newest first"),
  next_cursor: z.string().nullable(),
});
export type BreakGlassPage = z.infer<typeof BreakGlassPage>;

export const BreakGlassParams = z.object({ id: z.string().max(100) });
