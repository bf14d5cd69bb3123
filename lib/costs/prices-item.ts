import { isoFromMicros } from "@/lib/time/micros";
import type { PriceItem, Prices } from "./prices-schema";
import type { PriceBook } from "./schema";

const since = (us: number) => (us === 0 ? null : isoFromMicros(us));

/** A book's rows in the API's names, in the order of their first model, the newest first. */
export function itemsOf(book: PriceBook): PriceItem[] {
  const rows = [...book.rows].sort(
    (a, b) =>
      compare(a.models[0] ?? "", b.models[0] ?? "") ||
      compare(b.speed, a.speed) ||
      b.effectiveFromUs - a.effectiveFromUs ||
      a.promptAbove - b.promptAbove,
  );
  return rows.map((row) => ({
    models: row.models,
    speed: row.speed,
    prompt_above: row.promptAbove,
    effective_from: since(row.effectiveFromUs),
    input_pico: row.inputPico,
    cache_write_5m_pico: row.cacheWrite5mPico,
    cache_write_1h_pico: row.cacheWrite1hPico,
    cache_read_pico: row.cacheReadPico,
    output_pico: row.outputPico,
    geo_permille: row.geoPermille,
  }));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** What a session-hour and a search cost, the newest first. */
export function metersOf(book: PriceBook): Prices["meters"] {
  return [{ ...book, effectiveFromUs: 0 }, ...book.meterChanges]
    .map(({ effectiveFromUs, sessionHourNanos, webSearchNanos }) => ({
      effective_from: since(effectiveFromUs),
      session_hour_nanos: sessionHourNanos,
      web_search_nanos: webSearchNanos,
    }))
    .reverse();
}
