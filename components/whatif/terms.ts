import { type Asked, setSpan, spanOf, wholeFiltersOf } from "@/components/metrics/asked";
import { CACHES, type Cache } from "@/lib/whatif/recost";

export const ANY = "*";

export type Swap = { model: string; instead: string };
/** As they stand in the URL. */
export type Terms = {
  swaps: Swap[];
  cache: Cache;
  /** As typed. */
  discount: string;
  sessions: string;
  prices: "own" | "list";
};

export const TERM_PARAMS = ["swap", "cache", "discount", "sessions", "prices"] as const;

/** Reads them from the URL; what makes no sense is as it was. */
export function termsOf(params: URLSearchParams): Terms {
  return {
    swaps: params.getAll("swap").flatMap((text) => {
      const at = text.indexOf("~");
      return at > 0 ? [{ model: text.slice(0, at), instead: text.slice(at + 1) }] : [];
    }),
    cache: CACHES.find((cache) => cache === params.get("cache")) ?? "as_is",
    discount: params.get("discount") ?? "",
    sessions: params.get("sessions") ?? "",
    prices: params.get("prices") === "list" ? "list" : "own",
  };
}

export const swapText = ({ model, instead }: Swap): string => `${model}~${instead}`;

/** Whether a field that may be empty holds a number within bounds. */
export function isWithin(text: string, { least, most }: { least: number; most: number }): boolean {
  const value = Number(text);
  return text.trim() === "" || (Number.isFinite(value) && value >= least && value <= most);
}
export const DISCOUNT = { least: 0, most: 100 };
export const SESSIONS = { least: 0.01, most: 1_000_000 };

/** What is asked of the API; a swap that is not chosen yet, and what is no number, are left out. */
function askedOf(params: URLSearchParams): URLSearchParams {
  const { swaps, cache, discount, sessions, prices } = termsOf(params);
  const asked = wholeFiltersOf(params);
  for (const swap of swaps) if (swap.instead !== "") asked.append("swap", swapText(swap));
  asked.set("cache", cache);
  asked.set("prices", prices);
  if (discount.trim() !== "" && isWithin(discount, DISCOUNT)) asked.set("discount", discount);
  if (sessions.trim() !== "" && isWithin(sessions, SESSIONS)) asked.set("sessions", sessions);
  return asked;
}

/** Names range, filters and terms. */
export const whatIfKey = ({ params, scope }: Asked): string =>
  JSON.stringify([scope.range, `${askedOf(params)}`]);

export const whatIfParams = (asked: Asked, nowMs: number, firstMs: number): URLSearchParams =>
  setSpan(askedOf(asked.params), spanOf(asked, nowMs, firstMs));

/** A sum of a range as that of a month of 30 days. */
export const perMonth = (nanos: number, days: number): number => Math.round((nanos / days) * 30);
