// Chargeback: what each cost centre is to pay, day by day, as a file for whoever keeps the books.
// Written by: nobody. Read by: people and their tools, through one export.
// Invariant: the rows of a range add up to the metric `cost` of it, to the nano-dollar.
import { z } from "zod";
import { MetricsQuery } from "@/lib/metrics/query-schema";

const { from, to, tz, agent, agent_version, environment, deployment, source, metadata } =
  MetricsQuery.shape;

export const ChargebackQuery = z.object({
  ...{ from, to, tz, agent, agent_version, environment, deployment, source, metadata },
  cost_centre: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("a metadata key whose values are the cost centres; left out, there is none"),
  format: z
    .enum(["csv", "focus"])
    .default("csv")
    .describe("focus: the columns of FOCUS 1.2, with our computed cost in every column of cost"),
});
export type ChargebackQuery = z.infer<typeof ChargebackQuery>;

export const METERS = ["tokens", "runtime", "web_search"] as const;

/** What one agent of one cost centre used of one meter (and model) in one day. */
export type Charge = {
  fromMs: number;
  toMs: number;
  /** '' where sessions have no such key. */
  centre: string;
  agent: string;
  agentName: string | null;
  meter: (typeof METERS)[number];
  /** Of tokens. */
  model: string;
  nanos: number;
  /** Tokens, hours or searches. */
  quantity: number;
  unpricedTokens: number;
};
