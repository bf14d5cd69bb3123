import { readCurrentBook } from "@/lib/costs/prices-store";
import type { PriceBook } from "@/lib/costs/schema";
import { prisma } from "@/lib/db/client";
import { invalidField } from "@/lib/http/errors";
import type { MetricResult, MetricsQuery } from "@/lib/metrics/query-schema";
import { readMetrics } from "@/lib/metrics/query-service";
import { dividedBy, savedBy, type Used } from "./saved";
import type { ModelSavings, Savings, SavingsQuery } from "./schema";

const MOST_MODELS = 100;
const MINUTE_US = 60_000_000;

/** What the cache did in a range. Throws `invalid` for a range that ends before it begins. */
export async function readSavings(
  workspace: string,
  { from, to, ...filters }: SavingsQuery,
  { now = new Date(), ...given }: { now?: Date; book?: PriceBook } = {},
): Promise<Savings> {
  const book = given.book ?? (await readCurrentBook(prisma, workspace));
  const range = {
    fromUs: Date.parse(from) * 1000,
    toUs: to ? Date.parse(to) * 1000 : now.getTime() * 1000,
  };
  if (range.fromUs >= range.toUs) throw invalidField("from", "it must be before `to`");
  const models = new Map<string, ModelSavings>();
  let until = "";
  // Prices change at whole minutes, as metrics are kept by.
  const changes = book.rows.map((row) => row.effectiveFromUs - (row.effectiveFromUs % MINUTE_US));
  for (const part of dividedBy([...new Set(changes)], range)) {
    const asked: Asked = { ...filters, ...isoOf(part) };
    const { used, lost, complete } = await readUsed(workspace, asked, now);
    until = complete;
    for (const one of used) addUsed(modelOf(models, one.model), one, part.fromUs, book);
    for (const one of lost) {
      const model = modelOf(models, one.model);
      model.expired_tokens += one.tokens;
      model.lost_nanos += one.nanos;
    }
  }
  const told = [...models.values()].map(rounded).sort((a, b) => b.prompt_tokens - a.prompt_tokens);
  return { ...sumOf(told), models: told, complete_until: until };
}

type Asked = Omit<SavingsQuery, "to"> & { to: string };

const isoOf = ({ fromUs, toUs }: { fromUs: number; toUs: number }) => ({
  from: new Date(fromUs / 1000).toISOString(),
  to: new Date(toUs / 1000).toISOString(),
});

async function readUsed(workspace: string, asked: Asked, now: Date) {
  const ask = async (metric: string[], group_by: MetricsQuery["group_by"]) => {
    const query = { ...asked, metric, group_by, step: "all", agg: "p50", tz: "UTC" } as const;
    const limit = MOST_MODELS * (group_by?.length === 2 ? 2 : 1);
    return (await readMetrics(workspace, { ...query, metric, limit }, { now })).results;
  };
  const [tokens, money] = [
    await ask(["tokens"], ["model", "bucket"]),
    await ask(
      ["cost_tokens", "unpriced_tokens", "cost_of_expired_cache", "expired_cache_tokens"],
      ["model"],
    ),
  ];
  const of = (name: string) => byModel(money, name);
  const [spent, unpriced, nanos, expired] = [
    of("cost_tokens"),
    of("unpriced_tokens"),
    of("cost_of_expired_cache"),
    of("expired_cache_tokens"),
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
    ...{ model, tokens, nanos: nanos.get(model) ?? 0 },
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

const NOTHING = {
  ...{ prompt_tokens: 0, read_tokens: 0, write_tokens: 0, saved_nanos: 0, premium_nanos: 0 },
  ...{ expired_tokens: 0, lost_nanos: 0, unpriced_tokens: 0 },
};

function modelOf(models: Map<string, ModelSavings>, model: string): ModelSavings {
  const known = models.get(model) ?? { model, ...NOTHING };
  models.set(model, known);
  return known;
}

function addUsed(to: ModelSavings, used: Used, atUs: number, book: PriceBook): void {
  const { input, write5m, write1h, read } = used;
  const saved = savedBy(used, atUs, book);
  to.prompt_tokens += input + write5m + write1h + read;
  to.read_tokens += read;
  to.write_tokens += write5m + write1h;
  to.saved_nanos += saved?.saved ?? 0;
  to.premium_nanos += saved?.premium ?? 0;
  to.unpriced_tokens += used.unpriced;
}

const rounded = (one: ModelSavings): ModelSavings => ({
  ...one,
  saved_nanos: Math.round(one.saved_nanos),
  premium_nanos: Math.round(one.premium_nanos),
});

function sumOf(models: readonly ModelSavings[]): typeof NOTHING {
  const sum = { ...NOTHING };
  for (const name of Object.keys(sum) as (keyof typeof NOTHING)[])
    for (const model of models) sum[name] += model[name];
  return sum;
}
