import { Mark } from "@/components/ui/mark";
import type { RuleItem } from "@/lib/alerts/rules-schema";

/** Whether the rule itself can be judged, with what is in its way. */
export function RuleHealth({ rule }: { rule: RuleItem }) {
  if (rule.paused) return <Mark shape="pause" tone="quiet" word="Paused" />;
  switch (rule.health) {
    case "unknown":
      return <Mark shape="ring" tone="quiet" word="Not judged yet" />;
    case "ok":
      return rule.dry_run ? <Mark shape="ring" tone="stop" word="Dry run" /> : null;
    case "error":
    case "limited":
      return (
        <span className="inline-flex min-w-0 flex-col">
          <Mark
            shape={rule.health === "error" ? "cross" : "query"}
            tone={rule.health === "error" ? "fail" : "wait"}
            word={rule.health === "error" ? "Cannot be judged" : "Too many alerts"}
          />
          {rule.health_text ? (
            <span className="text-sm wrap-anywhere text-ink-2">{rule.health_text}</span>
          ) : null}
        </span>
      );
  }
}
