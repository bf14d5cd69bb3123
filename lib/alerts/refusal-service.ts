import type { Db } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/http/errors";
import { checkRule } from "./rule";
import type { NewRule } from "./rule-schema";
import { listVersions, readRulesNamed } from "./rule-store";

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
 * only noted what it would. `id` is null for a new rule.
 */
export async function refuseUntried(
  workspace: string,
  id: string | null,
  rule: NewRule,
  db: Db,
): Promise<void> {
  if (rule.kind !== "session" || rule.action?.mode !== "live") return;
  const versions = id === null ? [] : await listVersions(workspace, id, db);
  const wasDry = versions.some(
    ({ rule: old }) => old.kind === "session" && old.action?.mode === "dry_run",
  );
  if (!wasDry)
    throw invalidField(
      "action.mode",
      "needs a dry run first: save the rule with dry_run, look at what it would have done, then set it live",
    );
}
