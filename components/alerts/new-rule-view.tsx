"use client";
import { RuleBuilder } from "@/components/alerts/lazy-builder";
import { linkedRule, newDraft } from "@/components/alerts/rule-draft";
import { useUrlState } from "@/components/shell/scope";

const USUAL = { ...newDraft("ratio"), group_by: ["agent"], min_volume: "10", min_bad: "3" };

/** A rule that begins with the usual one, or with what a link brings along. */
export function NewRuleView() {
  const { params } = useUrlState();
  const text = params.get("rule");
  const given = linkedRule(text) ?? { ...USUAL, for: "2m", fire: 0.2 };
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <h1 className="min-h-8 text-lg font-semibold">New rule</h1>
      <RuleBuilder key={text} saved={null} given={given} />
    </div>
  );
}
