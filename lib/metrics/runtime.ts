import { runtimeNanos } from "@/lib/costs/pricing";
import { minuteOf, type Tell } from "./cells";
import type { SpanPricing } from "./schema";

const MINUTE_US = 60_000_000;
const HOUR_MINUTES = 60;
/** Longer running than this is spread over hours, the finest that is kept for ever. */
const MOST_MINUTES = 7 * 24 * HOUR_MINUTES;

type Running = {
  startedUs: number;
  endedUs: number;
  pricing: SpanPricing;
  sign: 1 | -1;
  /** Only steps that stand in these minutes are told. */
  within?: { fromUs: number; toUs: number };
};

/**
 * Running time in steps of minutes, each with its share of the milliseconds, which add up to the
 * whole. A step of an hour stands at the hour's first instant.
 */
export function tellRuntime(tell: Tell, running: Running): void {
  const { startedUs, endedUs, pricing, sign, within } = running;
  if (endedUs <= startedUs) return;
  const minutes = minuteOf(endedUs) - minuteOf(startedUs) + 1;
  const stepUs = (minutes > MOST_MINUTES ? HOUR_MINUTES : 1) * MINUTE_US;
  const startOf = (us: number) => Math.floor(us / stepUs) * stepUs;
  const { fromUs = startedUs, toUs = endedUs } = within ?? {};
  const msUntil = (us: number) => Math.round((us - startedUs) / 1000);
  let from = Math.max(startedUs, startOf(fromUs));
  while (from < endedUs && startOf(from) < toUs) {
    const to = Math.min(endedUs, startOf(from) + stepUs);
    const ms = msUntil(to) - msUntil(from);
    const nanos = pricing.runtimeBilled ? runtimeNanos(ms, pricing.book, from) : 0;
    const measures = { ms: sign * ms, nanos: sign * nanos };
    const at = stepUs === MINUTE_US ? { us: from, untilUs: to } : { us: startOf(from) };
    tell({ ...at, family: "runtime", key: "", measures });
    from = to;
  }
}
