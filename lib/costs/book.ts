import { PRICE_BOOK } from "@/lib/costs/prices";
import type { MeterPrices, PriceBook, PriceRow } from "@/lib/costs/schema";

/** What decides a request's price apart from its model and geography. */
export interface PricePoint {
  /** As reported: null when it was not. */
  speed: string | null;
  /** Prompt tokens, or a bound of the book that the prompt exceeded. */
  promptTokens: number;
  /** Null takes the newest prices. */
  atUs: number | null;
}

export type PriceFound =
  | { kind: "priced"; row: PriceRow; permille: number }
  | { kind: "unknown_model" }
  | { kind: "unknown_modifier" };

interface BookIndex {
  rowsByModel: Map<string, PriceRow[]>;
  /** Instants at which any price changes, rising. */
  changesUs: number[];
  /** Prompt sizes above which any price changes, rising. */
  promptBounds: number[];
}

const indexes = new WeakMap<PriceBook, BookIndex>();

const rising = (values: Iterable<number>) => [...new Set(values)].sort((a, b) => a - b);

function indexOf(book: PriceBook): BookIndex {
  const known = indexes.get(book);
  if (known) return known;
  const rowsByModel = new Map<string, PriceRow[]>();
  for (const row of book.rows) {
    for (const model of row.models) {
      rowsByModel.set(model, [...(rowsByModel.get(model) ?? []), row]);
    }
  }
  for (const rows of rowsByModel.values()) {
    rows.sort((a, b) => b.effectiveFromUs - a.effectiveFromUs || b.promptAbove - a.promptAbove);
  }
  const index = {
    rowsByModel,
    changesUs: rising(book.rows.map((row) => row.effectiveFromUs)),
    promptBounds: rising(book.rows.map((row) => row.promptAbove)),
  };
  indexes.set(book, index);
  return index;
}

/** The id under which the book knows a model, or null. A date at the end (`-20991231`) may be new to it. */
export function resolveModel(model: string, book: PriceBook = PRICE_BOOK): string | null {
  const { rowsByModel } = indexOf(book);
  if (rowsByModel.has(model)) return model;
  const undated = model.replace(/-\d{8}$/, "");
  return rowsByModel.has(undated) ? undated : null;
}

/** The prices of one request. A speed or geography the book has no price for is no guess at another. */
export function findPrice(
  request: PricePoint & { model: string | null; geo: string | null },
  book: PriceBook = PRICE_BOOK,
): PriceFound {
  const model = request.model === null ? null : resolveModel(request.model, book);
  const rows = model === null ? undefined : indexOf(book).rowsByModel.get(model);
  const atUs = request.atUs ?? Number.POSITIVE_INFINITY;
  const effective = rows?.filter((row) => row.effectiveFromUs <= atUs);
  if (!effective?.length) return { kind: "unknown_model" };

  const speed = request.speed ?? "standard";
  // Newest first, and within an instant the highest bound first: the first that fits is the one.
  const row = effective.find(
    (candidate) =>
      candidate.speed === speed &&
      (candidate.promptAbove === 0 || request.promptTokens > candidate.promptAbove),
  );
  if (!row) return { kind: "unknown_modifier" };

  if (request.geo === null) return { kind: "priced", row, permille: 1000 };
  const permille = Object.hasOwn(row.geoPermille, request.geo)
    ? row.geoPermille[request.geo]
    : undefined;
  if (permille === undefined) return { kind: "unknown_modifier" };
  return { kind: "priced", row, permille };
}

/** What session-hours and searches cost at an instant; null takes the newest prices. */
export function metersAt(book: PriceBook, atUs: number | null): MeterPrices {
  const change = book.meterChanges.findLast(
    ({ effectiveFromUs }) => atUs === null || effectiveFromUs <= atUs,
  );
  return change ?? book;
}

const SPEED_CODES = { s: "standard", f: "fast", "-": null, "?": "unknown" } as const;
type SpeedCode = keyof typeof SPEED_CODES;

function speedCode(speed: string | null): SpeedCode {
  if (speed === null) return "-";
  if (speed === "standard") return "s";
  return speed === "fast" ? "f" : "?";
}

/**
 * Under this key requests may be summed and still be priced exactly, whatever their model: their
 * speed, the prompt bound they exceed and the instant since which no price of the book changed.
 * The key holds that instant itself, so it keeps its meaning when the book learns a later change.
 */
export function usageKey(point: PricePoint, book: PriceBook = PRICE_BOOK): string {
  const { changesUs, promptBounds } = indexOf(book);
  const { atUs, promptTokens } = point;
  const bound = promptBounds.findLast((above) => promptTokens > above) ?? 0;
  const sinceUs = changesUs.findLast((changeUs) => atUs === null || changeUs <= atUs) ?? 0;
  return `${speedCode(point.speed)}${bound}@${sinceUs}`;
}

/** What a key stands for, as a point with the same price; null for text that is no key. */
export function parseUsageKey(key: string): PricePoint | null {
  const match = /^([sf?-])(\d{1,15})@(\d{1,16})$/.exec(key);
  if (!match) return null;
  const bound = Number(match[2]);
  return {
    speed: SPEED_CODES[match[1] as SpeedCode],
    // One token above the bound is priced as every prompt above it.
    promptTokens: bound === 0 ? 0 : bound + 1,
    atUs: Number(match[3]),
  };
}
