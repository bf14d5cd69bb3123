import { offersOn, offOf } from "@/lib/costs/own-prices";
import type { PriceItem, Prices } from "@/lib/costs/prices-schema";

const keyOf = ({ models, speed, prompt_above, effective_from }: PriceItem) =>
  JSON.stringify([models[0], speed, prompt_above, effective_from]);

/** The rows whose models hold what is searched for: whether they are own, what is off, whether a newer follows. */
export function priceRows({ prices, terms }: Prices, q: string) {
  const words = q.trim().toLowerCase();
  const own = new Set(terms.prices.map(({ model, speed }) => `${speed} ${model}`));
  return prices
    .filter(({ models }) => models.some((model) => model.toLowerCase().includes(words)))
    .map((item, at, shown) => {
      const before = shown[at - 1];
      const model = item.models[0] ?? "";
      const isFollowed = before?.models[0] === model && before.speed === item.speed;
      const fromUs = item.effective_from === null ? 0 : Date.parse(item.effective_from) * 1000;
      return {
        key: keyOf(item),
        item,
        isOwn: own.has(`${item.speed} ${model}`),
        off: offOf(offersOn(terms.discounts, { meter: "tokens", model }), fromUs),
        isNewest: !isFollowed && item.speed === "standard",
      };
    });
}
