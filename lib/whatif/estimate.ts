import { findPrice, metersAt } from "@/lib/costs/book";
import type { PriceBook } from "@/lib/costs/schema";
import type { Estimate, EstimateQuery, Meters } from "./schema";

const PICO_PER_NANO = 1_000;
const MINUTES_PER_HOUR = 60;
export const MONTH_DAYS = 30;

/** What a fleet that is not there yet would cost, from what one session is thought to use. */
export function estimate(query: EstimateQuery, book: PriceBook, atUs: number): Estimate {
  const session = sessionOf(query, book, atUs);
  const each = (times: number) => rounded(session, times);
  return {
    session: each(1),
    day: each(query.sessions_per_day),
    month: each(query.sessions_per_day * MONTH_DAYS),
    assumptions: [
      "Every session uses as many tokens as one, at the standard speed and price of the model as it is now.",
      `A month has ${MONTH_DAYS} days, all alike.`,
      ...(query.discount > 0 ? [`${query.discount} % are taken off everything.`] : []),
    ],
  };
}

type Exact = { tokens: number; runtime: number; searches: number; unpriced: number };

function sessionOf(query: EstimateQuery, book: PriceBook, atUs: number): Exact {
  const used = {
    input: query.input_tokens,
    write5m: query.cache_write_5m_tokens,
    write1h: query.cache_write_1h_tokens,
    read: query.cache_read_tokens,
    output: query.output_tokens,
  };
  const point = { geo: null, speed: null, atUs };
  // A session's prompts are many: nobody knows how large each is.
  const found = findPrice({ model: query.model, promptTokens: 0, ...point }, book);
  const left = 1 - query.discount / 100;
  const { sessionHourNanos, webSearchNanos } = metersAt(book, atUs);
  const nanos =
    found.kind === "priced"
      ? (used.input * found.row.inputPico +
          used.write5m * found.row.cacheWrite5mPico +
          used.write1h * found.row.cacheWrite1hPico +
          used.read * found.row.cacheReadPico +
          used.output * found.row.outputPico) /
        PICO_PER_NANO
      : 0;
  const sum = Object.values(used).reduce((total, each) => total + each, 0);
  return {
    tokens: nanos * left,
    runtime: (query.minutes / MINUTES_PER_HOUR) * sessionHourNanos * left,
    searches: query.web_searches * webSearchNanos * left,
    unpriced: found.kind === "priced" ? 0 : sum,
  };
}

function rounded({ tokens, runtime, searches, unpriced }: Exact, times: number): Meters {
  return metersOf({
    tokens: tokens * times,
    runtime: runtime * times,
    searches: searches * times,
    unpriced: unpriced * times,
  });
}

/** Each figure rounded once; the sum is of what is shown. */
export function metersOf({ tokens, runtime, searches, unpriced }: Exact): Meters {
  const [tokens_nanos, runtime_nanos, web_search_nanos] = [tokens, runtime, searches].map((nanos) =>
    Math.round(nanos),
  ) as [number, number, number];
  return {
    ...{ tokens_nanos, runtime_nanos, web_search_nanos },
    total_nanos: tokens_nanos + runtime_nanos + web_search_nanos,
    unpriced_tokens: Math.round(unpriced),
  };
}
