import type { MaskingAnswer, MaskingChange, MaskingRule } from "@/lib/masking/schema";

/** What a person has changed and not saved; rules have a key of their own while they are typed. */
export type Draft = {
  pushed_mode: MaskingAnswer["pushed_mode"];
  on: Record<string, boolean>;
  rules: { key: number; rule: MaskingRule }[];
};

export const draftOf = ({ pushed_mode, builtin, rules }: MaskingAnswer): Draft => ({
  pushed_mode,
  on: Object.fromEntries(builtin.map(({ name, on }) => [name, on])),
  rules: rules.map((rule, key) => ({ key, rule })),
});

/** Built-in rules that are as they come are left out, so that they follow what comes later. */
export function changeOf(draft: Draft, { revision, builtin }: MaskingAnswer): MaskingChange {
  const switched = builtin.filter(({ name, on_by_default }) => draft.on[name] !== on_by_default);
  return {
    based_on: revision,
    pushed_mode: draft.pushed_mode,
    builtin: Object.fromEntries(switched.map(({ name }) => [name, draft.on[name] === true])),
    rules: draft.rules.map(({ rule }) => rule),
  };
}

export const isChanged = (draft: Draft, answer: MaskingAnswer): boolean =>
  JSON.stringify(changeOf(draft, answer)) !== JSON.stringify(changeOf(draftOf(answer), answer));

export const KIND_WORDS: Record<MaskingRule["kind"], { label: string; hint: string }> = {
  pattern: {
    label: "Pattern",
    hint: "a regular expression (RE2), wherever it fits: CUST-[0-9]{6}",
  },
  path: { label: "JSON path", hint: "in an event or object: $.input.password, $..token" },
  tool: { label: "Tool", hint: "its whole input, output or both: crm_*" },
  metadata: { label: "Metadata key", hint: "the values under it: user_*" },
};

export function newRule(kind: MaskingRule["kind"], name: string): MaskingRule {
  switch (kind) {
    case "pattern":
      return { kind, name, pattern: "" };
    case "path":
      return { kind, name, path: "" };
    case "tool":
      return { kind, name, tool: "", input: true, output: true };
    case "metadata":
      return { kind, name, key: "" };
  }
}

/** What a rule looks for, as it is typed. */
export function soughtBy(rule: MaskingRule): string {
  switch (rule.kind) {
    case "pattern":
      return rule.pattern;
    case "path":
      return rule.path;
    case "tool":
      return rule.tool;
    case "metadata":
      return rule.key;
  }
}

export function seeking(rule: MaskingRule, text: string): MaskingRule {
  switch (rule.kind) {
    case "pattern":
      return { ...rule, pattern: text };
    case "path":
      return { ...rule, path: text };
    case "tool":
      return { ...rule, tool: text };
    case "metadata":
      return { ...rule, key: text };
  }
}
