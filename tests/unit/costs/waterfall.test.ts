import { expect, test } from "vitest";
import { changeOf, waterfallOf } from "@/components/costs/change";
import type { Change } from "@/lib/costs/change";
import { PRICE_BOOK } from "@/lib/costs/prices";

const NONE = { sessions: 0, turns: 0, tokens: 0, cache: 0, models: 0, prices: 0 };

test("each bar begins where the one before it ends", () => {
  const change: Change = {
    ...{ before: 40, after: 50 },
    effects: { ...NONE, sessions: 60, cache: -50, runtime: 0, searches: 0 },
  };
  const { before, effects, after } = waterfallOf(change);
  expect(before).toEqual({ left: 0, width: 40 });
  expect(effects.sessions).toEqual({ left: 40, width: 60 });
  expect(effects.tokens).toEqual({ left: 100, width: 0 });
  expect(effects.cache).toEqual({ left: 50, width: 50 });
  expect(after).toEqual({ left: 0, width: 50 });
});

test("nothing at all has no width, and without a range before there is no change", () => {
  const change: Change = {
    ...{ before: 0, after: 0 },
    effects: { ...NONE, runtime: 0, searches: 0 },
  };
  expect(waterfallOf(change).effects.prices).toEqual({ left: 0, width: 0 });
  expect(changeOf({ figures: [] }, PRICE_BOOK)).toBeNull();
});
