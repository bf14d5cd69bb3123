import { z } from "zod";

export const REMASK_TASK = "mask_what_is_stored";

const count = z.int().nonnegative();

export const MaskingRunKind = z
  .enum(["preview", "run"])
  .describe("a preview finds out what a run would change, and changes nothing");
export type MaskingRunKind = z.infer<typeof MaskingRunKind>;

/** `replaced`: the rules changed meanwhile, or a newer one was asked for. */
export const MaskingRunState = z.enum(["working", "done", "stopped", "replaced"]);
export type MaskingRunState = z.infer<typeof MaskingRunState>;

export const MaskingRunCounts = z.object({
  sessions: count.describe("sessions in which something is masked"),
  events: count.describe("events of these sessions"),
  objects: count.describe("agents, environments, deployments and what they ran with"),
  rejected: count.describe("rejected items"),
  held: count.describe("sessions under a legal hold: they stay as they are"),
  sealed: count.describe("sessions whose events retention has dropped: what is left of them stays"),
  kept: count.describe("sessions that stay as they are, since a figure would change"),
});
export type MaskingRunCounts = z.infer<typeof MaskingRunCounts>;

export const NOTHING_MASKED: MaskingRunCounts = {
  ...{ sessions: 0, events: 0, objects: 0, rejected: 0, held: 0, sealed: 0, kept: 0 },
};

export const MaskingRunItem = z
  .object({
    id: z.string(),
    kind: MaskingRunKind,
    state: MaskingRunState,
    revision: count.describe("of the rules it applies"),
    sessions: count.describe("sessions there were when it began"),
    done: count.describe("sessions looked at so far"),
    counts: MaskingRunCounts,
    fields: z
      .array(z.object({ rule: z.string(), fields: count }))
      .describe("values in which a rule finds something, the most first"),
    asked_by: z.string(),
    created_at: z.string(),
    finished_at: z.string().nullable(),
  })
  .meta({ id: "MaskingRun" });
export type MaskingRunItem = z.infer<typeof MaskingRunItem>;

export const MaskingRunsAnswer = z
  .object({ last: MaskingRunItem.nullable() })
  .meta({ id: "MaskingRuns" });
export type MaskingRunsAnswer = z.infer<typeof MaskingRunsAnswer>;

export const NewMaskingRun = z
  .strictObject({
    kind: MaskingRunKind,
    revision: count.describe("of the rules to be applied; another than holds is a conflict"),
  })
  .meta({ id: "NewMaskingRun" });
export type NewMaskingRun = z.infer<typeof NewMaskingRun>;

export const MaskingRunParams = z.object({ id: z.string().max(100) });
