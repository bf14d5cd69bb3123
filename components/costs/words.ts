import type { DayState } from "@/lib/costs/billed";
import type { NoListCostReason, ReconcileCause, RelistState } from "@/lib/costs/reconcile-schema";
import { formatCents, formatNanos, formatPercent } from "@/lib/format";

/** What a cause is called, what it means, and what can be done about it. */
export const CAUSE_WORDS: Record<ReconcileCause, { label: string; means: string; todo: string }> = {
  exact: { label: "Exact", means: "Both figures are the same.", todo: "" },
  rounding: {
    label: "Rounding",
    means: "The platform rounds its list cost to whole cents; this is within half a cent.",
    todo: "Nothing to do.",
  },
  unknown_model: {
    label: "Unpriced model",
    means: "The price book does not know the model, so its tokens are in no computed cost.",
    todo: "Upgrade Watchkeeper for a newer price book.",
  },
  missing_thread: {
    label: "Missing thread",
    means:
      "The platform counts tokens that no event here covers, as those of a thread whose list is not here. They are priced at the session's model.",
    todo: "A connection reads the lists again by itself; of what you send, send the thread's events too.",
  },
  missing_split: {
    label: "Unknown cache lifetime",
    means:
      "What is cached for an hour costs more than for 5 minutes, and which it was is not told.",
    todo: "Send the usage with cache_creation.",
  },
  late_events: {
    label: "Late usage",
    means: "Events here tell of more tokens than the platform's last usage.",
    todo: "It goes when newer usage comes; where it stays, open the session.",
  },
  modifier: {
    label: "Speed or region",
    means:
      "Fast mode or US-only inference costs more, and the session does not say so, or has no price for it.",
    todo: "Compare the agent's speed and inference_geo with its workspace's default.",
  },
  grader_model: {
    label: "Grader",
    means: "A grader's tokens are priced at the session's model; its own is not told.",
    todo: "Nothing to do.",
  },
  own_terms: {
    label: "Own terms",
    means:
      "Your own prices and discounts count here; the platform's list cost knows nothing of them.",
    todo: "Nothing to do: compare the computed cost with the bill instead.",
  },
  price: {
    label: "Price",
    means:
      "Every quantity is the platform's own, so a price in the price book is not the platform's.",
    todo: "See which models these sessions ran on, and enter their prices under Settings → Prices.",
  },
  unexplained: {
    label: "Unexplained",
    means: "Nothing that is known here explains it.",
    todo: "Open the worst of them.",
  },
};

export const NO_LIST_COST_WORDS: Record<NoListCostReason, string> = {
  own_loop: "ran in a loop of your own, which the platform does not price",
  no_usage: "came without any usage from the platform",
  not_given: "have usage, but the platform gave no cost with it, as for older sessions",
};

export const RELIST_WORDS: Record<RelistState, string> = {
  waiting: "to be read again",
  different: "read again, still different",
  mended: "read again, mended",
  unavailable: "cannot be read again",
};

export const DAY_STATE_WORDS: Record<DayState, string> = {
  reported: "reported",
  partly: "still growing",
  not_reported: "not yet reported",
  not_asked: "not asked for",
};

const NANOS_PER_CENT = 10_000_000;

/** Computed money beside a list cost: cents from $1,000 on as well, where the two are compared. */
export const moneyWords = (nanos: number): string =>
  Math.abs(nanos) < 1000 * 100 * NANOS_PER_CENT
    ? formatNanos(nanos)
    : formatCents(Math.round(nanos / NANOS_PER_CENT));

/** A drift with its sign: "+$0.0012", "−$1.20", "$0". */
export const signedNanos = (nanos: number): string => `${nanos > 0 ? "+" : ""}${moneyWords(nanos)}`;

/** A list cost, which is whole cents: "$0.41"; null → "–". */
export const listWords = (nanos: number | null): string =>
  nanos === null ? "–" : formatCents(nanos / NANOS_PER_CENT);

/** A drift against the list cost with its sign: "+1.2 %". */
export function signedRatio(ratio: number | null): string {
  const text = formatPercent(ratio).replace("-", "−");
  return ratio !== null && ratio > 0 && !text.startsWith("<") ? `+${text}` : text;
}
