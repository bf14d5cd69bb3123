/** Tokens by bucket, in any fixed set of names. */
type Buckets = Readonly<Record<string, number>>;

/** What was used in one range. Money in nano-dollars. */
export type Used = {
  sessions: number;
  turns: number;
  models: ReadonlyMap<string, { tokens: Buckets; nanos: number }>;
  runtimeNanos: number;
  searchNanos: number;
};

export const EFFECTS = [
  "sessions",
  "turns",
  "tokens",
  "cache",
  "models",
  "prices",
  "runtime",
  "searches",
] as const;
export type Effect = (typeof EFFECTS)[number];

/** The bar of each effect, in nano-dollars; together exactly the difference of the two costs. */
export type Change = { before: number; after: number; effects: Record<Effect, number> };

/** A range taken apart: cost = sessions × (turns × tokens × Σ share × Σ bucket × price + runtime + searches). */
type Parts = {
  sessions: number;
  turnsPerSession: number;
  tokensPerTurn: number;
  /** Of all tokens, the part that each model took. */
  shares: Map<string, number>;
  /** Of a model's tokens, the part in each bucket. */
  buckets: Map<string, Buckets>;
  /** What a token of each bucket has cost. */
  prices: Map<string, Buckets>;
  runtimePerSession: number;
  searchesPerSession: number;
};

/**
 * Why one range cost more or less than another: the parts are replaced one after the other in the
 * order of `EFFECTS`, and each bar is what its replacement changes. What a model's tokens have cost is
 * divided over its buckets as `listOf` prices them. Null where one of the two has no session or no
 * turn to divide by.
 */
export function explainChange(
  before: Used,
  after: Used,
  listOf: (model: string) => Buckets,
): Change | null {
  const from = partsOf(before, listOf);
  const to = partsOf(after, listOf);
  if (!from || !to) return null;
  fillIn(from, to);
  const steps: Array<[Effect, Partial<Parts>]> = [
    ["sessions", { sessions: to.sessions }],
    ["turns", { turnsPerSession: to.turnsPerSession }],
    ["tokens", { tokensPerTurn: to.tokensPerTurn }],
    ["cache", { buckets: to.buckets }],
    ["models", { shares: to.shares }],
    ["prices", { prices: to.prices }],
    ["runtime", { runtimePerSession: to.runtimePerSession }],
    ["searches", { searchesPerSession: to.searchesPerSession }],
  ];
  const [first, last] = [nanosOf(before), nanosOf(after)];
  const effects = Object.fromEntries(EFFECTS.map((effect) => [effect, 0])) as Change["effects"];
  let parts = from;
  let told = first;
  for (const [effect, replaced] of steps) {
    parts = { ...parts, ...replaced };
    // Rounded sums, so that the bars meet the second cost to the nano-dollar.
    const reached = effect === "searches" ? last : Math.round(costOf(parts));
    effects[effect] = reached - told;
    told = reached;
  }
  return { before: first, after: last, effects };
}

const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0);

const nanosOf = ({ models, runtimeNanos, searchNanos }: Used) =>
  sum([...models.values()].map(({ nanos }) => nanos)) + runtimeNanos + searchNanos;

function partsOf(used: Used, listOf: (model: string) => Buckets): Parts | null {
  const { sessions, turns, models, runtimeNanos, searchNanos } = used;
  if (sessions === 0 || turns === 0) return null;
  const parts: Parts = {
    sessions,
    turnsPerSession: turns / sessions,
    tokensPerTurn: 0,
    shares: new Map(),
    buckets: new Map(),
    prices: new Map(),
    runtimePerSession: runtimeNanos / sessions,
    searchesPerSession: searchNanos / sessions,
  };
  const all = sum([...models.values()].map(({ tokens }) => sum(Object.values(tokens))));
  parts.tokensPerTurn = all / turns;
  for (const [model, { tokens, nanos }] of models) {
    const count = sum(Object.values(tokens));
    if (count === 0) continue;
    parts.shares.set(model, count / all);
    parts.buckets.set(
      model,
      mapped(tokens, (_, tokensIn) => tokensIn / count),
    );
    parts.prices.set(model, pricesOf(tokens, nanos, listOf(model)));
  }
  return parts;
}

/** What was paid, in the proportions of the list; evenly where the list knows no price. */
function pricesOf(tokens: Buckets, nanos: number, list: Buckets): Buckets {
  const listed = sum(Object.entries(tokens).map(([name, count]) => count * (list[name] ?? 0)));
  if (listed > 0) return mapped(tokens, (name) => ((list[name] ?? 0) * nanos) / listed);
  const count = sum(Object.values(tokens));
  return mapped(tokens, () => nanos / count);
}

/** A model of one range alone has no other prices or buckets than its own: all it changes is the mix. */
function fillIn(from: Parts, to: Parts): void {
  for (const [one, other] of [
    [from, to],
    [to, from],
  ] as const) {
    // Without any token there is no mix that could have changed.
    if (other.shares.size === 0) other.shares = new Map(one.shares);
    for (const model of one.shares.keys()) {
      if (other.prices.has(model)) continue;
      other.shares.set(model, other.shares.get(model) ?? 0);
      other.buckets.set(model, one.buckets.get(model) ?? {});
      other.prices.set(model, one.prices.get(model) ?? {});
    }
  }
}

function costOf(parts: Parts): number {
  const perToken = sum(
    [...parts.shares].map(([model, share]) => {
      const prices = parts.prices.get(model) ?? {};
      const buckets = Object.entries(parts.buckets.get(model) ?? {});
      return share * sum(buckets.map(([name, part]) => part * (prices[name] ?? 0)));
    }),
  );
  const tokens = parts.turnsPerSession * parts.tokensPerTurn * perToken;
  return parts.sessions * (tokens + parts.runtimePerSession + parts.searchesPerSession);
}

const mapped = (buckets: Buckets, value: (name: string, count: number) => number): Buckets =>
  Object.fromEntries(Object.entries(buckets).map(([name, count]) => [name, value(name, count)]));
