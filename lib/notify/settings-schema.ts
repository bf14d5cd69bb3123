// What holds for all that is told in a workspace. Part of the room of schema.ts, and under its sign.
import { z } from "zod";
import { DEFAULT_TIMERS, Timers } from "./route-schema";

const Inhibition = z.strictObject({
  rule_health: z
    .boolean()
    .describe("a rule that cannot be judged says nothing of missing data as well"),
  critical_over_warning: z
    .boolean()
    .describe("a critical alert hides warnings of other rules with the very same labels"),
  platform_down: z
    .boolean()
    .describe(
      'while a rule labelled `platform: "down"` fires, nothing is said of a single agent\'s rates',
    ),
});
export type Inhibition = z.infer<typeof Inhibition>;

export const NotifySettings = z
  .strictObject({
    inhibition: Inhibition.default({
      rule_health: true,
      critical_over_warning: true,
      platform_down: true,
    }),
    timers: z.strictObject(Timers.shape).default(DEFAULT_TIMERS),
  })
  .meta({ id: "NotifySettings" });
export type NotifySettings = z.infer<typeof NotifySettings>;

export const DEFAULT_SETTINGS: NotifySettings = NotifySettings.parse({});
