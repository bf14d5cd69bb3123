// Silences: alerts of which nobody is told for a time. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { isNarrow } from "./match";
import { Matchers } from "./route-schema";

export const DAY_MS = 86_400_000;
/** Longer ones are for the scope admin. */
export const MOST_DAYS = 30;
/** Of a workspace, that have not ended. */
export const MOST_STANDING = 1_000;
/** Kept of one. */
export const MOST_EDITS = 100;
export const SOON_MS = 15 * 60_000;
/** One that ends when idle has hidden nothing for so long. */
export const IDLE_MS = 3_600_000;
/** Of the past, for what a silence would have hidden. */
export const LOOK_BACK_DAYS = 7;

const instant = z.iso.datetime({ offset: true });

export const SilenceMatchers = Matchers.refine(
  isNarrow,
  "at least one must not match the empty text: as it stands this silences every alert",
);

/** What is stored of one beside its times and author. */
export const SilenceBody = z.strictObject({
  matchers: SilenceMatchers,
  reason: z.string().trim().min(1).max(500),
  end_when_closed: z
    .boolean()
    .default(false)
    .describe("ends as soon as nothing that it hid fires any more"),
  end_when_idle: z
    .boolean()
    .default(false)
    .describe("ends when it has had nothing to hide for an hour"),
});
export type SilenceBody = z.infer<typeof SilenceBody>;

export const NewSilence = SilenceBody.extend({
  starts_at: instant.optional().describe("default: now"),
  ends_at: instant,
})
  .refine(({ starts_at, ends_at }) => !starts_at || Date.parse(starts_at) < Date.parse(ends_at), {
    path: ["ends_at"],
    message: "it must be after starts_at",
  })
  .meta({ id: "NewSilence" });
export type NewSilence = z.infer<typeof NewSilence>;

export const SilenceEdit = z.object({
  at: z.string(),
  by: z.string(),
  what: z.enum(["edited", "expired", "closed", "idle"]),
  before: z.object({ ...SilenceBody.shape, starts_at: z.string(), ends_at: z.string() }),
});
export type SilenceEdit = z.infer<typeof SilenceEdit>;

export const SILENCE_STATES = ["pending", "active", "expired"] as const;

export const SilenceItem = z
  .object({
    id: z.string(),
    ...SilenceBody.shape,
    starts_at: z.string(),
    ends_at: z.string(),
    state: z.enum(SILENCE_STATES),
    ends_soon: z.boolean().describe("in a quarter of an hour at most"),
    matching: z.int().describe("alerts that fire now and that it fits"),
    would_have_hidden: z.int().describe(`alerts that it fits, of the last ${LOOK_BACK_DAYS} days`),
    author: z.string(),
    created_at: z.string(),
    history: z.array(SilenceEdit).describe("as it was before each edit, newest last"),
  })
  .meta({ id: "Silence" });
export type SilenceItem = z.infer<typeof SilenceItem>;

export const SilencesPage = z.object({
  data: z.array(SilenceItem),
  next_cursor: z.string().nullable(),
});
export type SilencesPage = z.infer<typeof SilencesPage>;

export const SilencesQuery = z.object({
  state: z.enum(SILENCE_STATES).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
export type SilencesQuery = z.infer<typeof SilencesQuery>;

export const SilenceParams = z.object({ id: z.string().max(100) });

export const SilencePreview = z
  .strictObject({ matchers: SilenceMatchers })
  .meta({ id: "SilencePreview" });
export type SilencePreview = z.infer<typeof SilencePreview>;

export const SilencePreviewAnswer = z
  .object({
    matching: z.int(),
    would_have_hidden: z.int(),
    alerts: z
      .array(
        z.object({
          episode_id: z.string(),
          rule: z.object({ id: z.string(), name: z.string() }),
          labels: z.record(z.string(), z.string()),
          severity: z.string(),
          opened_at: z.string(),
        }),
      )
      .describe("twenty of those that fire now"),
  })
  .meta({ id: "SilencePreviewAnswer" });
export type SilencePreviewAnswer = z.infer<typeof SilencePreviewAnswer>;
