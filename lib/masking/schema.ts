// Masking: what of the content of sessions is kept, and what is replaced before anything else sees it.
// Written by: people, through the masking API; the counters by ingest, in its own transaction.
// Read by: ingest, for every item of every source; the masking page; Prometheus.
// Invariant: masking what is masked already changes nothing, and no figure of a session depends on it:
// ids, types, times, usage and the names of tools are never touched, sizes are kept beside what went.
import { z } from "zod";
import { BUILTIN } from "./builtin";

export const MASKING_MODES = ["full", "masked", "metadata"] as const;
export const MaskingMode = z
  .enum(MASKING_MODES)
  .describe(
    "`full`: as it came. `masked`: what rules find is replaced. `metadata`: texts, inputs, outputs and messages are not kept at all, only their sizes",
  );
export type MaskingMode = z.infer<typeof MaskingMode>;

export const MOST_RULES = 50;
export const MOST_TESTED_CHARS = 20_000;

/** Stands in what is stored: `[masked:customer_number]`. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, "expected 1 to 40 of a-z, 0-9 and _, a letter first");
const glob = z
  .string()
  .min(1, "expected a name, * stands for any characters")
  .max(200, "expected at most 200 characters");

export const MaskingRule = z
  .discriminatedUnion("kind", [
    z.strictObject({
      ...{ kind: z.literal("pattern"), name },
      pattern: z
        .string()
        .min(1, "expected a pattern")
        .max(500, "expected at most 500 characters")
        .describe("a regular expression as RE2 takes it: no backreferences, no lookaround"),
    }),
    z.strictObject({
      ...{ kind: z.literal("path"), name },
      path: z
        .string()
        .min(1, "expected a path")
        .max(300, "expected at most 300 characters")
        .describe(
          "within an event or an object: `$.input.password`, `$..token`, `content[*].text`",
        ),
    }),
    z.strictObject({
      ...{ kind: z.literal("tool"), name, tool: glob },
      input: z.boolean().default(true),
      output: z
        .boolean()
        .default(true)
        .describe("what a result says is withheld until its call tells which tool it is of"),
    }),
    z.strictObject({ kind: z.literal("metadata"), name, key: glob }),
  ])
  .meta({ id: "MaskingRule" });
export type MaskingRule = z.infer<typeof MaskingRule>;

const NAMES = BUILTIN.map((rule) => rule.name);
const switches = z
  .partialRecord(z.enum(NAMES), z.boolean())
  .describe("built-in rules that are switched otherwise than they are by default");

/** As it is stored. */
export const MaskingPolicy = z.object({
  revision: z.int().nonnegative(),
  changed_at: z.string().nullable(),
  pushed_mode: MaskingMode,
  builtin: switches,
  rules: z.array(MaskingRule),
});
export type MaskingPolicy = z.infer<typeof MaskingPolicy>;

export const DEFAULT_POLICY: MaskingPolicy = {
  ...{ revision: 0, changed_at: null, pushed_mode: "masked", builtin: {}, rules: [] },
};

const rules = z.array(MaskingRule).max(MOST_RULES, `expected at most ${MOST_RULES} rules`);

export const MaskingChange = z
  .strictObject({
    based_on: z.int().nonnegative().describe("the revision that it changes; another is a conflict"),
    pushed_mode: MaskingMode.describe("of all that no connection brings"),
    builtin: switches,
    rules,
  })
  .meta({ id: "MaskingChange" });
export type MaskingChange = z.infer<typeof MaskingChange>;

const count = z.int().nonnegative();

export const MaskingAnswer = z
  .object({
    revision: count,
    changed_at: z.string().nullable(),
    pushed_mode: MaskingMode,
    builtin: z.array(
      z.object({
        name: z.enum(NAMES),
        title: z.string(),
        group: z.enum(["credentials", "personal"]),
        on: z.boolean(),
        on_by_default: z.boolean(),
      }),
    ),
    rules: z.array(MaskingRule),
    masked: z
      .array(z.object({ rule: z.string(), fields: count, last_at: z.string() }))
      .describe(
        "values in which a rule replaced something, of new items; `work_limit`: texts that rules had to look through for too long, and that are hidden whole",
      ),
    withheld: z
      .object({ results: count, oldest_at: z.string().nullable() })
      .describe("results whose call is not known yet; what they say is kept sealed for 7 days"),
  })
  .meta({ id: "Masking" });
export type MaskingAnswer = z.infer<typeof MaskingAnswer>;

export const MaskingTest = z
  .strictObject({
    text: z.string().max(MOST_TESTED_CHARS, "expected at most 20,000 characters"),
    mode: MaskingMode.default("masked"),
    builtin: switches.optional().describe("the saved ones where it is left out"),
    rules: rules.optional().describe("the saved ones where they are left out"),
  })
  .meta({ id: "MaskingTest" });
export type MaskingTest = z.infer<typeof MaskingTest>;

export const MaskingTestAnswer = z
  .object({
    read_as: z.enum(["event", "session", "json", "text"]),
    output: z.string().describe("what would be stored"),
    found: z.array(z.object({ rule: z.string(), fields: count })),
  })
  .meta({ id: "MaskingTestAnswer" });
export type MaskingTestAnswer = z.infer<typeof MaskingTestAnswer>;
