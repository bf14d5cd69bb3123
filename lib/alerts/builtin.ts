import { NewRule } from "./rule-schema";

const HOUR = 3_600;

const self = (fields: Record<string, unknown>): NewRule =>
  NewRule.parse({ kind: "self", op: ">=", delay: "0s", ...fields });

/** Rules about Watchkeeper itself, by their ids: every workspace has them, and they cannot be switched off. */
export const BUILTIN: Readonly<Record<string, NewRule>> = {
  rule_self_ingest: self({
    ...{ name: "A source is silent", watch: "ingest", fire: 24 * HOUR, every: "5m" },
    annotations: { summary: "Nothing has come from {{ labels.source }} for {{ value }}." },
  }),
  rule_self_evaluation: self({
    ...{ name: "Rules are judged late", watch: "evaluation", fire: 180, severity: "high" },
    annotations: { summary: "Rules wait {{ value }}: the worker is slow, or was not there." },
  }),
  rule_self_channels: self({
    ...{ name: "A channel fails", watch: "channels", fire: 600, severity: "high" },
    annotations: { summary: "{{ labels.channel }} has not delivered for {{ value }}." },
  }),
  rule_self_connections: self({
    ...{ name: "A connection is behind", watch: "connections", fire: 900, severity: "high" },
    annotations: { summary: "What is here of {{ labels.connection }} is {{ value }} old." },
  }),
  rule_self_break_glass: self({
    ...{ name: "Content is open", watch: "break_glass", fire: 1, severity: "info", every: "30s" },
    annotations: {
      summary:
        "Somebody with the role Cost only has opened content by a break-glass; who and why stands under People, for admins.",
    },
  }),
};

export const isBuiltin = (ruleId: string): boolean => ruleId in BUILTIN;

/** What is wrong with writing a built-in rule so; null where nothing is. */
export function builtinIssue(
  ruleId: string,
  rule: NewRule,
): { path: string; message: string } | null {
  const own = BUILTIN[ruleId];
  if (!own) return null;
  const isSame = rule.kind === "self" && own.kind === "self" && rule.watch === own.watch;
  if (!isSame) return { path: "kind", message: "a built-in rule goes on watching what it does" };
  if (rule.paused || rule.dry_run)
    return {
      path: rule.paused ? "paused" : "dry_run",
      message: "a built-in rule is always on: raise its bound, or route it elsewhere",
    };
  return null;
}
