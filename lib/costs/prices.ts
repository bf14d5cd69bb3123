import type { PriceBook, PriceRow } from "@/lib/costs/schema";

/** Input, cache write 5m, cache write 1h, cache read, output: the columns of the official table. */
type Columns = readonly [
  input: number,
  cacheWrite5m: number,
  cacheWrite1h: number,
  cacheRead: number,
  output: number,
];

interface Entry {
  models: string[];
  /** Micro-dollars per million tokens, which is pico-dollars per token. */
  prices: Columns;
  usPermille: number;
  promptAbove?: number;
  effectiveFromUs?: number;
}

/** US-only inference costs 1.1× from Claude 4.6 on; older models have no such surcharge. */
const US = 1100;
const NO_SURCHARGE = 1000;

const SONNET_5_5_READ_CHANGE_US = Date.UTC(2026, 9, 7) * 1000;
const HAIKU_5_5_LARGE_PROMPT = 100_000;

const FABLE_5_2 = ["claude-fable-5-2", "claude-mythos-5-2"];
const FABLE_5_1 = ["claude-fable-5-1", "claude-mythos-5-1"];
const FABLE_5 = ["claude-fable-5", "claude-mythos-5"];
const OPUS_5_5 = ["claude-opus-5-5"];
const OPUS_5_AND_4_8 = ["claude-opus-5", "claude-opus-4-8"];
const OPUS_4_7 = ["claude-opus-4-7"];
const OPUS_4_6 = ["claude-opus-4-6"];
const OPUS_4_5 = ["claude-opus-4-5", "claude-opus-4-5-20251101"];
const OPUS_4_1_AND_4 = [
  "claude-opus-4-1",
  "claude-opus-4-1-20250805",
  "claude-opus-4",
  "claude-opus-4-0",
  "claude-opus-4-20250514",
];
const SONNET_5_5 = ["claude-sonnet-5-5"];
const SONNET_5 = ["claude-sonnet-5"];
const SONNET_4_6 = ["claude-sonnet-4-6"];
const SONNET_4_5_AND_4 = [
  "claude-sonnet-4-5",
  "claude-sonnet-4-5-20250929",
  "claude-sonnet-4",
  "claude-sonnet-4-0",
  "claude-sonnet-4-20250514",
];
const HAIKU_5_5 = ["claude-haiku-5-5"];
const HAIKU_4_5 = ["claude-haiku-4-5", "claude-haiku-4-5-20251001"];
const HAIKU_3_5 = ["claude-3-5-haiku", "claude-3-5-haiku-latest", "claude-3-5-haiku-20241022"];

const OPUS_FROM_4_5: Columns = [5_000_000, 6_250_000, 10_000_000, 500_000, 25_000_000];
const SONNET_4: Columns = [3_000_000, 3_750_000, 6_000_000, 300_000, 15_000_000];

/**
 * Source: platform.claude.com/docs/en/about-claude/pricing, copy of 2026-10-08. Fable 5.2 and
 * Mythos 5.2 (2026-11-09) are known from third parties citing that page. Cache reads are not always
 * a tenth of input, so every column is written out.
 */
const STANDARD: Entry[] = [
  {
    models: FABLE_5_2,
    prices: [8_000_000, 10_000_000, 16_000_000, 200_000, 40_000_000],
    usPermille: US,
  },
  {
    models: FABLE_5_1,
    prices: [10_000_000, 12_500_000, 20_000_000, 250_000, 50_000_000],
    usPermille: US,
  },
  {
    models: FABLE_5,
    prices: [10_000_000, 12_500_000, 20_000_000, 1_000_000, 50_000_000],
    usPermille: US,
  },
  {
    models: OPUS_5_5,
    prices: [4_000_000, 5_000_000, 8_000_000, 200_000, 20_000_000],
    usPermille: US,
  },
  { models: [...OPUS_5_AND_4_8, ...OPUS_4_7, ...OPUS_4_6], prices: OPUS_FROM_4_5, usPermille: US },
  { models: OPUS_4_5, prices: OPUS_FROM_4_5, usPermille: NO_SURCHARGE },
  {
    models: OPUS_4_1_AND_4,
    prices: [15_000_000, 18_750_000, 30_000_000, 1_500_000, 75_000_000],
    usPermille: NO_SURCHARGE,
  },
  {
    models: SONNET_5_5,
    prices: [2_000_000, 2_500_000, 4_000_000, 200_000, 10_000_000],
    usPermille: US,
  },
  {
    models: SONNET_5_5,
    prices: [2_000_000, 2_500_000, 4_000_000, 100_000, 10_000_000],
    usPermille: US,
    effectiveFromUs: SONNET_5_5_READ_CHANGE_US,
  },
  {
    models: SONNET_5,
    prices: [2_000_000, 2_500_000, 4_000_000, 200_000, 10_000_000],
    usPermille: US,
  },
  { models: SONNET_4_6, prices: SONNET_4, usPermille: US },
  { models: SONNET_4_5_AND_4, prices: SONNET_4, usPermille: NO_SURCHARGE },
  { models: HAIKU_5_5, prices: [100_000, 125_000, 200_000, 10_000, 500_000], usPermille: US },
  {
    models: HAIKU_5_5,
    prices: [500_000, 625_000, 1_000_000, 50_000, 2_500_000],
    usPermille: US,
    promptAbove: HAIKU_5_5_LARGE_PROMPT,
  },
  {
    models: HAIKU_4_5,
    prices: [1_000_000, 1_250_000, 2_000_000, 100_000, 5_000_000],
    usPermille: NO_SURCHARGE,
  },
  {
    models: HAIKU_3_5,
    prices: [800_000, 1_000_000, 1_600_000, 80_000, 4_000_000],
    usPermille: NO_SURCHARGE,
  },
];

/**
 * Fast mode: each model's own cache multipliers apply to the fast input price. Opus 4.6 accepts
 * the setting and runs at standard speed and price; any other model has no fast price.
 */
const FAST: Entry[] = [
  {
    models: OPUS_5_5,
    prices: [8_000_000, 10_000_000, 16_000_000, 400_000, 40_000_000],
    usPermille: US,
  },
  {
    models: OPUS_5_AND_4_8,
    prices: [10_000_000, 12_500_000, 20_000_000, 1_000_000, 50_000_000],
    usPermille: US,
  },
  { models: OPUS_4_6, prices: OPUS_FROM_4_5, usPermille: US },
];

function toRow(entry: Entry, speed: PriceRow["speed"]): PriceRow {
  const [inputPico, cacheWrite5mPico, cacheWrite1hPico, cacheReadPico, outputPico] = entry.prices;
  return {
    models: entry.models,
    speed,
    promptAbove: entry.promptAbove ?? 0,
    effectiveFromUs: entry.effectiveFromUs ?? 0,
    inputPico,
    cacheWrite5mPico,
    cacheWrite1hPico,
    cacheReadPico,
    outputPico,
    geoPermille: { global: 1000, us: entry.usPermille },
  };
}

/** The newest. Other prices make another book with a version of its own, which is added to those below. */
export const PRICE_BOOK: PriceBook = {
  version: "2026-11-09",
  rows: [
    ...STANDARD.map((entry) => toRow(entry, "standard")),
    ...FAST.map((entry) => toRow(entry, "fast")),
  ],
  sessionHourNanos: 80_000_000,
  webSearchNanos: 10_000_000,
  meterChanges: [],
};

/** Every published book so far, under its version: sessions name the one they were priced with. */
const PUBLISHED: readonly PriceBook[] = [PRICE_BOOK];

export function publishedBook(version: string): PriceBook | null {
  return PUBLISHED.find((book) => book.version === version) ?? null;
}
