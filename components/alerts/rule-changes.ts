import type { RuleBody } from "@/lib/alerts/queries";
import type { NewRule } from "@/lib/alerts/rule-schema";
import type { RuleItem } from "@/lib/alerts/rules-schema";
import { unitOf } from "@/lib/alerts/words";
import { figureText } from "@/lib/metrics/figure";
import type { Unit } from "@/lib/metrics/metric";

const STANDING = [
  ...([
    "id",
    "version",
    "builtin",
    "state",
    "firing",
    "pending",
    "health",
    "health_text",
    "lag_ms",
  ] as const),
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
  const [oldWords, nowWords] = [flatOf(before), flatOf(after)];
  const fields = [...new Set([...old.keys(), ...now.keys()])].sort();
  return fields.flatMap((field) => {
    const [from = "–", to = "–"] = [old.get(field), now.get(field)];
    if (from === to) return [];
    const words = { before: oldWords.get(field) ?? from, after: nowWords.get(field) ?? to };
    // What reads the same once it is rounded is told as it was written.
    return [
      words.before === words.after ? { field, before: from, after: to } : { field, ...words },
    ];
  });
}

const OF_UNIT = ["fire", "warn", "recover"];

/** Bounds and shares in the unit of what they are compared with. */
function flatOf(rule: NewRule): Map<string, string> {
  const unit = unitOf(rule);
  const written = (value: unknown, of: Unit): unknown =>
    typeof value === "number"
      ? figureText(value, of)
      : Array.isArray(value)
        ? value.map((one) => written(one, of))
        : value;
  const bounds = Object.entries(rule).flatMap(([name, value]) =>
    OF_UNIT.includes(name) ? [[name, written(value, unit)] as const] : [],
  );
  const tiers =
    rule.kind === "budget"
      ? { tiers: written(rule.tiers, "ratio") }
      : "tiers" in rule
        ? {
            tiers: rule.tiers.map((one) => `${one.severity} at ${textOf(written(one.fire, unit))}`),
          }
        : {};
  const slo = rule.kind === "burn_rate" ? { slo: written(rule.slo, "ratio") } : {};
  return flat({ ...rule, ...Object.fromEntries(bounds), ...tiers, ...slo });
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
