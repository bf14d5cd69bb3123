import type { z } from "zod";
import { checkRule } from "./rule";
import { NewRule } from "./rule-schema";
import { RulesFile } from "./scenario-schema";

type Issue = { path: string; message: string };

/** The rules of a file, or everything that is wrong with them. */
export function rulesIn(parsed: unknown): { rules: NewRule[] } | { issues: Issue[] } {
  const read = RulesFile.safeParse(parsed);
  if (!read.success) return { issues: read.error.issues.map(issueOf) };
  const { rules } = read.data;
  const issues = rules.flatMap((rule, at) => [
    ...checkRule(rule).map(({ path, message }) => ({ path: `rules.${at}.${path}`, message })),
    ...(rules.findIndex(({ name }) => name === rule.name) < at
      ? [{ path: `rules.${at}.name`, message: `another rule is named ${rule.name} as well` }]
      : []),
  ]);
  return issues.length > 0 ? { issues } : { rules };
}

const issueOf = ({ path, message }: z.core.$ZodIssue): Issue => ({
  path: path.join("."),
  message,
});

/** A rule as written, out of what the API tells of it. */
export function writtenOf(item: Record<string, unknown>): NewRule {
  const schema = NewRule.options.find(({ shape }) => shape.kind.value === item.kind);
  const names = Object.keys(schema?.shape ?? {});
  return NewRule.parse(Object.fromEntries(names.map((name) => [name, item[name]])));
}

/** The same rule without what goes without saying, its name and kind first. */
export function briefOf(rule: NewRule): Record<string, unknown> {
  const { name: called, kind, ...rest } = rule;
  const brief: Record<string, unknown> = { name: called, kind, ...rest };
  for (const name of Object.keys(rest)) {
    const { [name]: _, ...others } = brief;
    const read = NewRule.safeParse(others);
    if (read.success && textOf(read.data) === textOf(rule)) delete brief[name];
  }
  return brief;
}

/** The same for the same value, whatever the order of its names. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** A rule that is there already. */
export type Known = { id: string; rule: NewRule };
export type Change =
  | { kind: "new"; rule: NewRule }
  | { kind: "changed"; id: string; rule: NewRule; fields: string[] }
  | { kind: "extra"; id: string; rule: NewRule };

/** What would have to be done for the rules that are there to be those of a file. Rules are told by their names. */
export function changesOf(wanted: readonly NewRule[], known: readonly Known[]): Change[] {
  const changes = wanted.flatMap((rule): Change[] => {
    const same = known.find((one) => one.rule.name === rule.name);
    if (!same) return [{ kind: "new", rule }];
    const fields = fieldsOf(same.rule, rule);
    return fields.length > 0 ? [{ kind: "changed", id: same.id, rule, fields }] : [];
  });
  const extra = known.filter(({ rule }) => !wanted.some(({ name }) => name === rule.name));
  return [...changes, ...extra.map(({ id, rule }): Change => ({ kind: "extra", id, rule }))];
}

/** In words, like `fire: 0.2 → 0.3`. */
function fieldsOf(before: NewRule, after: NewRule): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [was, is] = [before, after].map((rule) =>
      textOf((rule as Record<string, unknown>)[name] ?? null),
    );
    return was === is ? [] : [`${name}: ${was} → ${is}`];
  });
}
