import { listWords } from "@/lib/sessions/event-words";
import type { SessionItem } from "@/lib/sessions/schema";

const WAITERS = {
  human: "a human's approval",
  custom_tool: "an answer from your code",
  unknown: "an answer",
};

/** Why a session stands as it does, in words to follow its outcome; null where the outcome says it all. */
export function outcomeReason(
  item: Pick<SessionItem, "outcome" | "outcome_detail" | "budget_cents">,
): string | null {
  const { outcome, outcome_detail: detail } = item;
  switch (outcome) {
    case "waiting": {
      const calls = detail?.waiting_for ?? [];
      const who = [...new Set(calls.map((call) => WAITERS[call.kind]))].join(" and ");
      const names = listWords(calls.map((call) => call.name ?? "a call"));
      return calls.length === 0 ? (detail?.reason ?? null) : `${who} (${names})`;
    }
    case "interrupted":
      if (detail?.by !== "rule") return "by a user";
      return detail.rule ? `by the rule “${detail.rule.name}”` : "by a rule";
    case "budget_paused":
      return item.budget_cents === null ? null : `at its budget of ${dollars(item.budget_cents)}`;
    case "refused":
      return parts([detail?.category, detail?.explanation ?? detail?.reason]);
    case "outcome_failed":
      return parts([detail?.result?.replaceAll("_", " "), detail?.explanation]);
    case "completed":
      return detail?.result === "satisfied"
        ? parts(["outcome satisfied", detail.explanation])
        : null;
    default:
      return detail?.reason ?? detail?.message ?? detail?.explanation ?? null;
  }
}

function parts(words: readonly (string | null | undefined)[]): string | null {
  const given = words.filter((word) => word != null && word !== "");
  return given.length > 0 ? given.join(": ") : null;
}

function dollars(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}

const CAUSES: Record<string, string> = {
  rounding: "the list cost is rounded to whole cents",
  unknown_model: "a model the price book does not know",
  missing_thread: "a thread whose events are not here",
  missing_split: "cache writes whose lifetime is not told",
  late_events: "events or snapshots still to come",
  modifier: "a speed or geography priced differently",
  grader_model: "a grader whose model is not told",
  own_terms: "prices and discounts of your own",
  price: "a price that is not the platform's",
};

/** Why computed and list cost differ, in words; an empty list is a drift nobody can explain. */
export function driftWords(causes: readonly string[]): string {
  if (causes.length === 0) return "no known cause";
  return causes.map((cause) => CAUSES[cause] ?? cause.replaceAll("_", " ")).join("; ");
}
