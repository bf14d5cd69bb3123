import type { MetricResult, MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import type { Used } from "./saved";

const MOST_MODELS = 100;

/** A part of a range in which no price changed, in µs, and which sessions are meant. */
export type UsedOf = { filters: Partial<MetricsQuery>; part: { fromUs: number; toUs: number } };

/**
 * Tokens of a part of a range by model and bucket with what they cost, and what was written again because
 * it had expired.
 */
export async function readUsed(workspace: string, { filters, part }: UsedOf, now: Date) {
  const range = {
    from: new Date(part.fromUs / 1000).toISOString(),
    to: new Date(part.toUs / 1000).toISOString(),
  };
  const ask = async (metric: string[], group_by: MetricsQuery["group_by"]) => {
    const query = {
      ...filters,
      ...range,
      metric,
      group_by,
      step: "all",
      agg: "p50",
      tz: "UTC",
    } as const;
    const limit = MOST_MODELS * (group_by?.length === 2 ? 2 : 1);
    return (await readMetrics(workspace, { ...query, metric, limit }, { now })).results;
  };
  const [tokens, money] = [
    await ask(["tokens"], ["model", "bucket"]),
    await ask(
      [
        ...["cost_tokens", "unpriced_tokens", "cost_of_expired_cache", "expired_cache_tokens"],
        "briefly_expired_cache_tokens",
      ],
      ["model"],
    ),
  ];
  const of = (name: string) => byModel(money, name);
  const [spent, unpriced, nanos, expired, briefly] = [
    of("cost_tokens"),
    of("unpriced_tokens"),
    of("cost_of_expired_cache"),
    of("expired_cache_tokens"),
    of("briefly_expired_cache_tokens"),
  ];
  const used = new Map<string, Used>();
  for (const { labels, total } of tokens[0]?.series ?? []) {
    const model = labels.model ?? "";
    const one = used.get(model) ?? {
      ...{ model, input: 0, write5m: 0, write1h: 0, read: 0, output: 0 },
      ...{ spent: spent.get(model) ?? 0, unpriced: unpriced.get(model) ?? 0 },
    };
    used.set(model, one);
    const place = BUCKETS[labels.bucket ?? ""];
    if (place) one[place] += total ?? 0;
  }
  const lost = [...expired].map(([model, tokens]) => ({
    ...{ model, tokens, briefly: briefly.get(model) ?? 0, nanos: nanos.get(model) ?? 0 },
  }));
  return { used: [...used.values()], lost, complete: tokens[0]?.complete_until ?? "" };
}

const BUCKETS: Record<string, "input" | "write5m" | "write1h" | "read" | "output"> = {
  input: "input",
  cache_write_5m: "write5m",
  cache_write_1h: "write1h",
  cache_read: "read",
  output: "output",
};

function byModel(results: readonly MetricResult[], metric: string): Map<string, number> {
  const found = results.find((result) => result.metric === metric);
  return new Map(
    (found?.series ?? []).map(({ labels, total }) => [labels.model ?? "", total ?? 0]),
  );
}
