import { median, ms, p95, times, whole } from "./figures";
import { HELD, longSession, post } from "./long-session";
import type { Product } from "./product";
import { note, type Row } from "./report";

const LENGTHS = { short: 500, long: 50_000, quick: 5_000 };
const RATIO = 1.5;
const WARM_UP = 40;

/**
 * One event a request to a short and to a long session in turn, each its natural next event: one
 * after the other without the second between them, so the figures are the requests' own.
 */
export async function measureAppend(product: Product, quick: boolean): Promise<Row[]> {
  const length = quick ? LENGTHS.quick : LENGTHS.long;
  const short = await longSession(product, LENGTHS.short);
  const long = await longSession(product, length);
  const shortMs: number[] = [];
  const longMs: number[] = [];
  for (let i = 0; i < HELD; i++) {
    const figures = [
      await post(product, { events: [short.held[i]] }),
      await post(product, { events: [long.held[i]] }),
    ] as const;
    if (i < WARM_UP) continue;
    shortMs.push(figures[0]);
    longMs.push(figures[1]);
  }
  const ratio = p95(longMs) / p95(shortMs);
  const told = (of: number[]) => `p50 ${ms(median(of))}, p95 ${ms(p95(of))}`;
  note(`${LENGTHS.short} events: ${told(shortMs)}; ${whole(length)} events: ${told(longMs)}`);
  return [
    {
      measure: `append one event to a session of ${whole(length)}, against one of ${LENGTHS.short}`,
      value: `p95 ${ms(p95(longMs))} = ${times(ratio)} of ${ms(p95(shortMs))} (p50 ${ms(median(longMs))}, ${ms(median(shortMs))})`,
      target: `p95 ≤ ${RATIO} ×`,
      met: ratio <= RATIO,
      figures: {
        ratio,
        p95LongMs: p95(longMs),
        p95ShortMs: p95(shortMs),
        p50LongMs: median(longMs),
        p50ShortMs: median(shortMs),
        appends: longMs.length,
      },
    },
  ];
}
