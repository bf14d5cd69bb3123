import { AppError } from "@/lib/http/errors";
import { checkRule } from "./rule";
import type { NewRule } from "./rule-schema";
import { readRulesNamed } from "./rule-store";

/** Throws `invalid` with everything that is wrong with a rule. */
export async function refuseBad(workspace: string, rule: NewRule): Promise<void> {
  const parts = rule.kind === "composite" ? Object.values(rule.rules) : [];
  const known = await readRulesNamed(workspace, parts);
  const issues = checkRule(rule, (id) => known.get(id)?.kind);
  const [first] = issues;
  if (first) throw new AppError("invalid", `${first.path}: ${first.message}`, { issues });
}
