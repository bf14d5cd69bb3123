// What-if: what a fleet would have cost under other terms, and what one that is not there yet would cost.
// Written by: nobody; scenarios are kept as saved views. Read by: the what-if page, the API.
// Invariant: with nothing changed, history costs what it did, to the nano-dollar.
import { z } from "zod";
import { MetricsQuery } from "@/lib/metrics/query-schema";
import { CACHES } from "./recost";

const nanos = z.int().nonnegative().describe("nano-dollars");
const count = z.int().nonnegative();
const name = z.string().min(1).max(200);

const percent = z.coerce.number().min(0).max(100).default(0).describe("off everything, in percent");
const prices = z
  .enum(["own", "list"])
  .default("own")
  .describe("own: the workspace's prices; list: the published ones");

const { from, to, agent, agent_version, environment, deployment, source, metadata } =
  MetricsQuery.shape;

/** `claude-opus-5~claude-sonnet-5-5`; `*` before it stands for every model that no other swap names. */
const swap = z
  .string()
  .max(420)
  .regex(/^[^~]+~[^~]+$/, "expected two models with ~ between them; * is any");

export const WhatIfQuery = z.object({
  ...{ from, to, agent, agent_version, environment, deployment, source, metadata },
  swap: z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(swap).max(50).optional(),
    )
    .describe("model~other model: what would have answered instead; `*` is any other"),
  cache: z.enum(CACHES).default("as_is").describe("how long what is written is kept"),
  discount: percent,
  sessions: z.coerce
    .number()
    .positive()
    .max(1_000_000)
    .default(1)
    .describe("times as many sessions"),
  prices,
});
export type WhatIfQuery = z.infer<typeof WhatIfQuery>;

const Meters = z.object({
  tokens_nanos: nanos,
  runtime_nanos: nanos,
  web_search_nanos: nanos,
  total_nanos: nanos,
  unpriced_tokens: count.describe("in no figure of money"),
});
export type Meters = z.infer<typeof Meters>;

export const WhatIf = z
  .object({
    before: Meters.describe("what it did cost"),
    after: Meters.describe("what it would have cost"),
    models: z
      .array(
        z.object({
          model: z.string(),
          instead: z.string().describe("the model that would have answered"),
          tokens: count,
          before_nanos: nanos,
          after_nanos: nanos,
          unpriced_tokens: count.describe("under the other terms"),
        }),
      )
      .describe("the dearest first"),
    days: z.number().positive().describe("of the range, for figures by the month"),
    assumptions: z.array(z.string()),
    complete_until: z.string(),
  })
  .meta({ id: "WhatIf" });
export type WhatIf = z.infer<typeof WhatIf>;

const tokens = z.coerce.number().int().min(0).max(1_000_000_000).default(0);
const amount = z.coerce.number().min(0).max(1_000_000).default(0);

export const EstimateQuery = z.object({
  model: name,
  sessions_per_day: z.coerce.number().min(0).max(10_000_000).default(1),
  input_tokens: tokens.describe("a session's, not from the cache"),
  cache_write_5m_tokens: tokens,
  cache_write_1h_tokens: tokens,
  cache_read_tokens: tokens,
  output_tokens: tokens,
  minutes: amount.describe("of running time of a session"),
  web_searches: amount.describe("of a session"),
  discount: percent,
  prices,
});
export type EstimateQuery = z.infer<typeof EstimateQuery>;

export const Estimate = z
  .object({
    session: Meters.describe("one"),
    day: Meters,
    month: Meters.describe("of 30 days"),
    assumptions: z.array(z.string()),
  })
  .meta({ id: "Estimate" });
export type Estimate = z.infer<typeof Estimate>;
