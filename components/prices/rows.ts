import { offersOn, offOf } from "@/lib/costs/own-prices";
import type { PriceItem, Prices } from "@/lib/costs/prices-schema";

const keyOf = ({ models, speed, prompt_above, effective_from }: PriceItem) =>
  JSON.stringify([models[0], speed, prompt_above, effective_from]);

/**
 * The rows whose models hold what is searched for: whether they are own, what is off, and whether they
 * are over, because a newer one holds by now.
 */
export function priceRows({ prices, terms }: Prices, q: string, nowMs: number) {
  const words = q.trim().toLowerCase();
  const own = new Set(terms.prices.map(({ model, speed }) => `${speed} ${model}`));
  const startMs = ({ effective_from }: PriceItem) =>
    effective_from === null ? 0 : Date.parse(effective_from);
  return prices
    .filter(({ models }) => models.some((model) => model.toLowerCase().includes(words)))
    .map((item) => {
      const [model = ""] = item.models;
      const newer = prices.filter(
        (other) =>
          other.speed === item.speed &&
          other.models.includes(model) &&
          startMs(other) > startMs(item),
      );
      const offers = offersOn(terms.discounts, { meter: "tokens", model });
      return {
        key: keyOf(item),
        item,
        isOwn: own.has(`${item.speed} ${model}`),
        off: offOf(offers, startMs(item) * 1000),
        isOver: newer.some((other) => startMs(other) <= nowMs),
        isNewest: newer.length === 0 && item.speed === "standard" && item.prompt_above === 0,
      };
    });
}
