import type { WhatIfQuery } from "./schema";

const CACHE_WORDS = {
  as_is: null,
  "5m": "Everything written to the cache is written for five minutes, and is read as often as it was.",
  "1h": "Everything written to the cache is written for an hour. What expired within the hour would have been read instead of written again.",
  none: "Nothing is cached: what was read and written counts as new input.",
} as const;

/** What the answer takes for granted, in sentences. */
export function assumptionsOf({
  swap = [],
  cache,
  discount,
  sessions,
  prices,
}: Pick<WhatIfQuery, "swap" | "cache" | "discount" | "sessions" | "prices">): string[] {
  const words = CACHE_WORDS[cache];
  return [
    ...(swap.length > 0
      ? [
          "Another model reads and writes as many tokens in as many requests, and takes as long. Try it on some sessions before you rely on it.",
          "Fast mode, geography and large prompts keep the share of the price that they had.",
        ]
      : []),
    ...(words ? [words] : []),
    ...(prices === "list" ? ["Published prices hold, without own prices and discounts."] : []),
    ...(discount > 0 ? [`${discount} % are taken off everything.`] : []),
    ...(sessions === 1 ? [] : [`${sessions} times as many sessions, each as they were.`]),
  ];
}
