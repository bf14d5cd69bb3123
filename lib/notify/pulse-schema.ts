// The pulse: an address elsewhere that is called after each round of evaluation, for somebody to notice
// when it stops. Part of the room of schema.ts, and under its sign.
import { z } from "zod";

export const Pulse = z
  .object({
    url: z.string().nullable().describe("enough to know it again: its path may be a secret"),
    called_at: z.string().nullable(),
    ok: z.boolean().nullable(),
    text: z.string().nullable().describe("what was answered, or why nothing was"),
  })
  .meta({ id: "Pulse" });
export type Pulse = z.infer<typeof Pulse>;

export const NewPulse = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .nullable()
      .describe("null for none"),
  })
  .meta({ id: "NewPulse" });
export type NewPulse = z.infer<typeof NewPulse>;
