import { divideHalfUp } from "./apportion";
import { metersAt } from "./book";
import type { Discount, Meter, MeterPrice, OwnPrice, Terms } from "./own-schema";
import { PRICE_BOOK, publishedBook } from "./prices";
import type { PriceBook, PriceRow } from "./schema";

const ALL = 10_000n;
const DATED = /-\d{8}$/;

/** The name of a book: the published version, and the number of the workspace's own if it has terms. */
export function parseBookName(name: string): { published: string; number: number } | null {
  const match = /^([^+]+)(?:\+([1-9]\d{0,8}))?$/.exec(name);
  return match?.[1] ? { published: match[1], number: Number(match[2] ?? 0) } : null;
}

/** The published book that own terms stand in; null for a published book itself. */
export function publishedBehind(book: PriceBook): PriceBook | null {
  if (book === PRICE_BOOK) return null;
  const name = parseBookName(book.version);
  return name && name.number > 0 ? publishedBook(name.published) : null;
}

/**
 * The published prices with a workspace's own terms. Without terms it is the published book itself.
 * Own prices of a model hold from their first date on in place of the published ones, which stay for
 * the time before; discounts are taken off both. A discounted price is rounded once, half up, to
 * whole pico-dollars per token, or to nano-dollars for an hour or a search.
 */
export function bookOf(terms: Terms, number: number, published: PriceBook = PRICE_BOOK): PriceBook {
  const { included, ...priced } = terms;
  if (Object.values(priced).every((entries) => entries.length === 0)) return published;
  return {
    version: `${published.version}+${number}`,
    rows: discounted(withOwn(published.rows, terms.prices), terms.discounts),
    ...metersOf(published, terms),
  };
}

/** Microseconds; 0 is always. */
const fromUs = ({ effective_from }: { effective_from: string | null }) =>
  effective_from === null ? 0 : Date.parse(`${effective_from}T00:00:00Z`) * 1000;

function withOwn(rows: readonly PriceRow[], prices: readonly OwnPrice[]): PriceRow[] {
  if (prices.length === 0) return [...rows];
  const priced = new Set(prices.map(({ model }) => model));
  const dated = [...new Set(rows.flatMap(({ models }) => models))].filter(
    (id) => DATED.test(id) && !priced.has(id),
  );
  const own = prices.map((price) => ownRow(price, dated));
  const since = new Map<string, number>();
  for (const row of own)
    for (const model of row.models) {
      const place = placeOf(model, row);
      since.set(place, Math.min(since.get(place) ?? row.effectiveFromUs, row.effectiveFromUs));
    }
  const isReplaced = (model: string, row: PriceRow) =>
    row.effectiveFromUs >= (since.get(placeOf(model, row)) ?? Number.POSITIVE_INFINITY);
  const kept = rows.flatMap((row) => {
    const models = row.models.filter((model) => !isReplaced(model, row));
    return models.length > 0 ? [{ ...row, models }] : [];
  });
  return [...kept, ...own];
}

const placeOf = (model: string, { speed }: PriceRow) => `${speed} ${model}`;

function ownRow(price: OwnPrice, dated: readonly string[]): PriceRow {
  return {
    models: [price.model, ...dated.filter((id) => id.replace(DATED, "") === price.model)],
    speed: price.speed,
    promptAbove: price.prompt_above,
    effectiveFromUs: fromUs(price),
    inputPico: price.input_pico,
    cacheWrite5mPico: price.cache_write_5m_pico,
    cacheWrite1hPico: price.cache_write_1h_pico,
    cacheReadPico: price.cache_read_pico,
    outputPico: price.output_pico,
    geoPermille: { global: 1000, us: price.us_permille },
  };
}

/** Rows of models with a discount are written out anew from each date it changes. */
function discounted(rows: readonly PriceRow[], discounts: readonly Discount[]): PriceRow[] {
  const models = new Set(rows.flatMap((row) => row.models));
  const offers = new Map(
    [...models].map((model) => [model, offersOn(discounts, { meter: "tokens", model })]),
  );
  const listed = rows.flatMap((row) => {
    const unchanged = row.models.filter((model) => offers.get(model)?.length === 0);
    return unchanged.length > 0 ? [{ ...row, models: unchanged }] : [];
  });
  const changed = [...offers].flatMap(([model, offered]) =>
    offered.length === 0
      ? []
      : (["standard", "fast"] as const).flatMap((speed) =>
          datedRows(
            rows.filter((row) => row.speed === speed && row.models.includes(model)),
            offered,
          ).map((dated) => ({ ...dated, model })),
        ),
  );
  return [...listed, ...joined(changed)];
}

type DatedRow = { row: PriceRow; of: PriceRow };

/** Models that one row of before was of, and that still have the same prices, are one row again. */
function joined(rows: readonly (DatedRow & { model: string })[]): PriceRow[] {
  const all = new Map<PriceRow, Map<string, PriceRow>>();
  for (const { row, of, model } of rows) {
    const same = all.get(of) ?? new Map<string, PriceRow>();
    const key = JSON.stringify({ ...row, models: [] });
    same.set(key, { ...row, models: [...(same.get(key)?.models ?? []), model] });
    all.set(of, same);
  }
  return [...all.values()].flatMap((same) => [...same.values()]);
}

/** The discounts that say something of a thing, the most telling first, and of these the newest. */
export function offersOn(
  discounts: readonly Discount[],
  thing: { meter: Meter; model?: string },
): Discount[] {
  const rank = ({ model, meter }: Discount) => {
    if (model !== null && model === thing.model) return 0;
    if (model !== null && model === thing.model?.replace(DATED, "")) return 1;
    if (model !== null) return null;
    return meter === null ? 3 : meter === thing.meter ? 2 : null;
  };
  return discounts
    .filter((discount) => rank(discount) !== null)
    .sort((a, b) => (rank(a) ?? 0) - (rank(b) ?? 0) || fromUs(b) - fromUs(a));
}

/** What is off at an instant, in hundredths of a percent. */
export const offOf = (offers: readonly Discount[], us: number) =>
  offers.find((offer) => fromUs(offer) <= us)?.off ?? 0;

/** Of one model and speed: at each instant that prices or the discount change, all rows that then hold. */
function datedRows(rows: readonly PriceRow[], offers: readonly Discount[]): DatedRow[] {
  const changes = rows.map((row) => row.effectiveFromUs);
  const first = Math.min(...changes);
  const starts = offers.map(fromUs).filter((us) => us > first);
  // Another discount on more than this model may begin without meaning it.
  const meant = starts.filter((us) => offOf(offers, us) !== offOf(offers, us - 1));
  return rising([...changes, ...meant]).flatMap((us) => {
    const since = Math.max(...changes.filter((change) => change <= us));
    return rows
      .filter((row) => row.effectiveFromUs === since)
      .map((of) => ({ of, row: { ...pricedOff(of, offOf(offers, us)), effectiveFromUs: us } }));
  });
}

function pricedOff(row: PriceRow, off: number): PriceRow {
  return {
    ...row,
    inputPico: less(row.inputPico, off),
    cacheWrite5mPico: less(row.cacheWrite5mPico, off),
    cacheWrite1hPico: less(row.cacheWrite1hPico, off),
    cacheReadPico: less(row.cacheReadPico, off),
    outputPico: less(row.outputPico, off),
  };
}

const less = (price: number, off: number) =>
  Number(divideHalfUp(BigInt(price) * (ALL - BigInt(off)), ALL));

function metersOf(published: PriceBook, terms: Terms) {
  const hourOffers = offersOn(terms.discounts, { meter: "runtime" });
  const searchOffers = offersOn(terms.discounts, { meter: "web_search" });
  const at = (us: number) => {
    const list = metersAt(published, us);
    const hour = newestAt(terms.session_hours, us) ?? list.sessionHourNanos;
    const search = newestAt(terms.web_searches, us) ?? list.webSearchNanos;
    return {
      sessionHourNanos: less(hour, offOf(hourOffers, us)),
      webSearchNanos: less(search, offOf(searchOffers, us)),
    };
  };
  const own = [...terms.session_hours, ...terms.web_searches, ...hourOffers, ...searchOffers];
  const changes = published.meterChanges.map(({ effectiveFromUs }) => effectiveFromUs);
  const instants = rising([...changes, ...own.map(fromUs)]).filter((us) => us > 0);
  return {
    ...at(0),
    meterChanges: instants.map((effectiveFromUs) => ({ effectiveFromUs, ...at(effectiveFromUs) })),
  };
}

function newestAt(prices: readonly MeterPrice[], us: number): number | null {
  const holding = prices.filter((price) => fromUs(price) <= us);
  return holding.sort((a, b) => fromUs(b) - fromUs(a))[0]?.nanos ?? null;
}

const rising = (values: Iterable<number>) => [...new Set(values)].sort((a, b) => a - b);

/**
 * The book a session was priced with, from its name and the terms of that number; null where it is not
 * known here, as when a newer Watchkeeper has written it.
 */
export function bookNamed(name: string, terms: Terms | null): PriceBook | null {
  const parsed = parseBookName(name);
  const published = parsed && publishedBook(parsed.published);
  if (!published) return null;
  if (parsed.number === 0) return published;
  return terms && bookOf(terms, parsed.number, published);
}
