import { z } from "zod";

/** Jobs that fill and empty the demo. */
export const FILL_TASK = "demo_fill";
export const REMOVE_TASK = "demo_remove";

/** What a person asks for; the rest of `DemoOptions` follows from the clock. */
export const DemoRequest = z
  .strictObject({
    days: z.int().min(1).max(90).default(30),
    sessions: z.int().min(1).max(20_000).default(1_000),
    seed: z.string().min(1).max(64).default("watchkeeper"),
  })
  .meta({ id: "DemoRequest" });
export type DemoRequest = z.infer<typeof DemoRequest>;

/**
 * Where the demo stands. `done` counts sessions made, or removed while it is being removed. `live`: all
 * of this installation reads a simulated platform (npm run demo:live).
 */
export const DemoState = z
  .object({
    state: z.enum(["none", "waiting", "filling", "ready", "removing", "failed", "live"]),
    done: z.int().nonnegative(),
    total: z.int().nonnegative(),
    events: z.int().nonnegative(),
    message: z.string().nullable(),
  })
  .meta({ id: "DemoState" });
export type DemoState = z.infer<typeof DemoState>;

export const NO_DEMO: DemoState = { state: "none", done: 0, total: 0, events: 0, message: null };
