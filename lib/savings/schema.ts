// Savings: what the prompt cache saves in a range, what writing to it costs, and what is lost where it did
// not keep things.
// Written by: nobody. Read by: the costs page, the API.
// Invariant: tokens and losses are the metrics' own; savings follow from them and the price book.
import { z } from "zod";
import { MetricsQuery } from "@/lib/metrics/query-schema";

const nanos = z.int().describe("nano-dollars");
const tokens = z.int().nonnegative();

const { from, to, agent, agent_version, environment, deployment, source, model, metadata } =
  MetricsQuery.shape;
export const SavingsQuery = z.object({
  ...{ from, to, agent, agent_version, environment, deployment, source, model, metadata },
});
export type SavingsQuery = z.infer<typeof SavingsQuery>;

const figures = {
  prompt_tokens: tokens.describe("uncached input, cache writes and cache reads"),
  read_tokens: tokens,
  write_tokens: tokens,
  saved_nanos: nanos.describe("what the tokens read would have cost more as new input"),
  premium_nanos: nanos.describe("what writing to the cache cost above plain input"),
  expired_tokens: tokens.describe("written again because the cache had not kept them"),
  lost_nanos: nanos.describe(
    "what that cost above reading them; in the premium and the reads missed",
  ),
  unpriced_tokens: tokens.describe("of models without a price; they are in no figure of money"),
};

export const Savings = z
  .object({
    ...figures,
    models: z
      .array(z.object({ model: z.string(), ...figures }))
      .describe("most prompt tokens first"),
    complete_until: z.string(),
  })
  .meta({ id: "CacheSavings" });
export type Savings = z.infer<typeof Savings>;
export type ModelSavings = Savings["models"][number];
