import type { RuleBody } from "@/lib/alerts/queries";
import type { NewRule } from "@/lib/alerts/rule-schema";
import type { RuleItem } from "@/lib/alerts/rules-schema";

const STANDING = [
  ...(["id", "version", "state", "firing", "pending", "health", "health_text", "lag_ms"] as const),
  ...(["evaluated_at", "fired_7d", "noise", "created_at", "updated_at"] as const),
] as const;

/** A rule as it was written, without how it stands. */
export const writtenOf = (rule: RuleItem): RuleBody =>
  Object.fromEntries(
    Object.entries(rule).filter(([name]) => !(STANDING as readonly string[]).includes(name)),
  );

export type RuleChange = { field: string; before: string; after: string };

/** What one version says otherwise than the one before, field by field. */
export function changesOf(before: NewRule, after: NewRule): RuleChange[] {
  const [old, now] = [flat(before), flat(after)];
  const fields = [...new Set([...old.keys(), ...now.keys()])].sort();
  return fields.flatMap((field) => {
    const [from = "–", to = "–"] = [old.get(field), now.get(field)];
    return from === to ? [] : [{ field, before: from, after: to }];
  });
}

function flat(value: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, inner] of Object.entries(value)) {
    const at = path === "" ? name : `${path}.${name}`;
    if (typeof inner === "object" && inner !== null && !Array.isArray(inner))
      for (const [field, text] of flat(inner, at)) found.set(field, text);
    else found.set(at, textOf(inner));
  }
  return found;
}

const textOf = (value: unknown): string => {
  if (typeof value === "string") return value === "" ? "–" : value;
  if (Array.isArray(value))
    return value.length === 0 ? "–" : value.map((one) => textOf(one)).join(", ");
  return JSON.stringify(value);
};
