import type { Db } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/http/errors";
import { checkRule } from "./rule";
import type { NewRule } from "./rule-schema";
import { listVersions, type RuleRow, readRulesNamed } from "./rule-store";

/** Throws `invalid` with everything that is wrong with a rule. */
export async function refuseBad(workspace: string, rule: NewRule): Promise<void> {
  const parts = rule.kind === "composite" ? Object.values(rule.rules) : [];
  const known = await readRulesNamed(workspace, parts);
  const issues = checkRule(rule, (id) => known.get(id)?.kind);
  const [first] = issues;
  if (first) throw new AppError("invalid", `${first.path}: ${first.message}`, { issues });
}

/**
 * Throws `invalid` for an action that was never tried: a rule that interrupts sessions has had a version that
 * only noted what it would. `before` is null for a new rule.
 */
export async function refuseUntried(
  workspace: string,
  before: RuleRow | null,
  rule: NewRule,
  db: Db,
): Promise<void> {
  if (modeOf(rule) !== "live" || (before && modeOf(before.rule) === "live")) return;
  const versions = before === null ? [] : await listVersions(workspace, before.id, db);
  if (!versions.some((version) => modeOf(version.rule) === "dry_run"))
    throw invalidField(
      "action.mode",
      "needs a dry run first: save the rule with dry_run, look at what it would have done, then set it live",
    );
}

const modeOf = (rule: NewRule) => (rule.kind === "session" ? rule.action?.mode : undefined);
