import { BUILTIN } from "./builtin";
import { parsePath } from "./path";
import { patternFault } from "./pattern";
import type { MaskingRule } from "./schema";
import { WORK_LIMIT } from "./work";

/** The name under which content that is not kept is counted. */
export const METADATA_ONLY = "metadata_only";

const TAKEN = new Set<string>([...BUILTIN.map(({ name }) => name), METADATA_ONLY, WORK_LIMIT]);

/** What a list of rules says that no schema can tell; `path` names the field. */
export function faultOf(rules: readonly MaskingRule[]): { path: string; message: string } | null {
  const seen = new Set<string>();
  for (const [at, rule] of rules.entries()) {
    if (TAKEN.has(rule.name))
      return { path: `rules.${at}.name`, message: `${rule.name} is the name of a built-in rule` };
    if (seen.has(rule.name))
      return { path: `rules.${at}.name`, message: `another rule is called ${rule.name} too` };
    seen.add(rule.name);
    const wrong = ownFault(rule);
    if (wrong) return { path: `rules.${at}.${wrong.field}`, message: wrong.message };
  }
  return null;
}

function ownFault(rule: MaskingRule): { field: string; message: string } | null {
  if (rule.kind === "pattern") {
    const message = patternFault(rule.pattern);
    return message === null ? null : { field: "pattern", message };
  }
  if (rule.kind === "path" && parsePath(rule.path) === null)
    return {
      field: "path",
      message:
        "expected names with dots between, as in $.input.password, content[*].text, $..token",
    };
  if (rule.kind === "tool" && !rule.input && !rule.output)
    return { field: "input", message: "choose the input, the output or both" };
  return null;
}
