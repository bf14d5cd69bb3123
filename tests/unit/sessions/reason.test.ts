import { describe, expect, it } from "vitest";
import { driftWords, outcomeReason } from "@/lib/sessions/reason";
import type { OutcomeDetail, SessionItem } from "@/lib/sessions/schema";

const reason = (
  outcome: SessionItem["outcome"],
  outcome_detail: OutcomeDetail | null,
  budget_cents: number | null = null,
) => outcomeReason({ outcome, outcome_detail, budget_cents });

describe("why a session stands as it does", () => {
  it.each([
    ["retries_exhausted", { reason: "model overloaded, 3 tries" }, "model overloaded, 3 tries"],
    ["terminated", { message: "billing" }, "billing"],
    ["terminated", null, null],
    ["completed", null, null],
    ["completed", { result: "satisfied", explanation: "all pass" }, "outcome satisfied: all pass"],
    ["outcome_failed", { result: "max_iterations_reached" }, "max iterations reached"],
    ["refused", { category: "cyber", explanation: "no" }, "cyber: no"],
    ["refused", { category: null, explanation: null }, null],
    ["interrupted", { by: "rule" }, "by a rule"],
    ["interrupted", { by: "user" }, "by a user"],
    [
      "waiting",
      { waiting_for: [{ id: "a", name: "bash", kind: "human" }] },
      "a human's approval (bash)",
    ],
    [
      "waiting",
      {
        waiting_for: [
          { id: "a", name: "lookup", kind: "custom_tool" },
          { id: "b", name: "lookup", kind: "custom_tool" },
        ],
      },
      "an answer from your code (lookup ×2)",
    ],
    ["waiting", { waiting_for: [] }, null],
  ] satisfies [SessionItem["outcome"], OutcomeDetail | null, string | null][])(
    "%s %j: %s",
    (outcome, detail, words) => {
      expect(reason(outcome, detail)).toBe(words);
    },
  );

  it("names the budget that stopped it", () => {
    expect(reason("budget_paused", null, 50)).toBe("at its budget of $0.50");
    expect(reason("budget_paused", null)).toBeNull();
  });

  it("tells a drift's causes, and that it has none", () => {
    expect(driftWords(["rounding"])).toBe("the list cost is rounded to whole cents");
    expect(driftWords(["missing_thread", "brand_new"])).toBe(
      "a thread whose events are not here; brand new",
    );
    expect(driftWords([])).toBe("no known cause");
  });
});
