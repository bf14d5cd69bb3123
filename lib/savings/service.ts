import { readCurrentBook } from "@/lib/costs/prices-store";
import type { PriceBook } from "@/lib/costs/schema";
import { prisma } from "@/lib/db/client";
import { invalidField } from "@/lib/http/errors";
import { partsOf, savedBy, type Used } from "./saved";
import type { ModelSavings, Savings, SavingsQuery } from "./schema";
import { readUsed } from "./used-service";

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
  for (const part of partsOf(range, book)) {
    const { used, lost, complete } = await readUsed(workspace, { filters, part }, now);
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
