// What trying the way of an alert takes and answers. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { ChannelTestAnswer } from "./channel-schema";

export const NoticeTest = z.strictObject({
  status: z.enum(["opened", "closed"]).default("opened"),
  escalation: z
    .boolean()
    .default(false)
    .describe("also the channels that are told only when nobody acknowledges it"),
});
export type NoticeTest = z.infer<typeof NoticeTest>;

export const NoticeTestAnswer = z.object({
  silenced: z.boolean().describe("a silence would hold a real one back now"),
  targets: z
    .array(
      z.object({
        channel: z.object({ id: z.string(), name: z.string(), kind: z.string() }),
        route: z
          .object({ id: z.string(), name: z.string() })
          .nullable()
          .describe("null: named by the rule, or the default channel"),
        after_ms: z.int().describe("0, or how long after the first if nobody acknowledges it"),
        muted: z.boolean().describe("a mute timing would hold a real one back now"),
        test: ChannelTestAnswer.nullable().describe("null where none was sent: an escalation"),
      }),
    )
    .describe("each channel once; none: nobody would be told"),
});
export type NoticeTestAnswer = z.infer<typeof NoticeTestAnswer>;
