import { runtimeNanos, webSearchNanos } from "@/lib/costs/pricing";
import type { Lane, Period } from "@/lib/demo/lane";
import type { Run } from "@/lib/demo/run";

const NANOS_PER_CENT = 10_000_000;

/** Cumulative usage in the API's shape. */
export interface UsageFigures {
  active_seconds: number;
  cache_creation: { ephemeral_1h_input_tokens: number; ephemeral_5m_input_tokens: number };
  cache_read_input_tokens: number;
  input_tokens: number;
  list_cost: { amount: string; currency: "USD" };
  output_tokens: number;
  server_tool_use: { web_fetch_requests: number; web_search_requests: number };
}

export interface Meter {
  /** Everything up to and with an instant; instants must not fall. */
  read: (us: number) => UsageFigures;
}

/** What belongs to a meter, as found in the lists: entries must have their final times. */
export interface Metered {
  charges: Run["charges"];
  searches: Run["searches"];
  periods: readonly Period[];
  /** Sessions pay for running time, threads do not. */
  runtime: boolean;
}

export function meterOf(metered: Metered): Meter {
  const charges = metered.charges.toSorted((a, b) => a.entry.atUs - b.entry.atUs);
  const searches = metered.searches.map(({ entry }) => entry.atUs).sort((a, b) => a - b);
  const activeMs = activeMeter(metered.periods);
  const sum = { input: 0, output: 0, cacheRead: 0, write5m: 0, write1h: 0, nanos: 0 };
  let nextCharge = 0;
  let nextSearch = 0;
  return {
    read: (us) => {
      for (let charge = charges[nextCharge]; charge !== undefined && charge.entry.atUs <= us; ) {
        sum.input += charge.tokens.input;
        sum.output += charge.tokens.output;
        sum.cacheRead += charge.tokens.cacheRead;
        sum.write5m += charge.tokens.write5m;
        sum.write1h += charge.tokens.write1h;
        sum.nanos += charge.nanos;
        nextCharge += 1;
        charge = charges[nextCharge];
      }
      while ((searches[nextSearch] ?? Number.POSITIVE_INFINITY) <= us) nextSearch += 1;
      const ms = activeMs(us);
      const runtime = metered.runtime ? runtimeNanos(ms) : 0;
      const nanos = sum.nanos + webSearchNanos(nextSearch) + runtime;
      return {
        active_seconds: ms / 1_000,
        cache_creation: {
          ephemeral_1h_input_tokens: sum.write1h,
          ephemeral_5m_input_tokens: sum.write5m,
        },
        cache_read_input_tokens: sum.cacheRead,
        input_tokens: sum.input,
        list_cost: { amount: String(Math.round(nanos / NANOS_PER_CENT)), currency: "USD" },
        output_tokens: sum.output,
        server_tool_use: { web_fetch_requests: 0, web_search_requests: nextSearch },
      };
    },
  };
}

/** Milliseconds with at least one thread running, up to an instant; instants must not fall. */
function activeMeter(periods: readonly Period[]): (us: number) => number {
  const spans = periods
    .map((period) => ({
      fromUs: period.from.atUs,
      toUs: period.to?.atUs ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => a.fromUs - b.fromUs);
  const merged: { fromUs: number; toUs: number }[] = [];
  for (const span of spans) {
    const last = merged[merged.length - 1];
    if (last === undefined || span.fromUs > last.toUs) merged.push({ ...span });
    else last.toUs = Math.max(last.toUs, span.toUs);
  }
  let next = 0;
  let closedUs = 0;
  return (us) => {
    for (let span = merged[next]; span !== undefined && span.toUs <= us; span = merged[next]) {
      closedUs += span.toUs - span.fromUs;
      next += 1;
    }
    const open = merged[next];
    const openUs = open !== undefined && open.fromUs < us ? us - open.fromUs : 0;
    return Math.round((closedUs + openUs) / 1_000);
  };
}

/** Milliseconds one thread ran. */
export function laneActiveMs(lane: Lane, us: number): number {
  return activeMeter(lane.periods)(us);
}
