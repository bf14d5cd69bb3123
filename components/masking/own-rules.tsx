"use client";
import { Plus, Trash2 } from "lucide-react";
import { MaskedCount } from "@/components/masking/builtin-list";
import {
  type Draft,
  KIND_WORDS,
  newRule,
  seeking,
  soughtBy,
} from "@/components/masking/rule-draft";
import { Button, IconButton } from "@/components/ui/button";
import { Checkbox, Field, Input } from "@/components/ui/field";
import type { MaskingAnswer, MaskingRule } from "@/lib/masking/schema";

type Props = {
  answer: MaskingAnswer;
  rules: Draft["rules"];
  issues: Record<string, string>;
  onChange: (rules: Draft["rules"]) => void;
};

const KINDS = Object.keys(KIND_WORDS) as MaskingRule["kind"][];

/** Rules of one's own: added, changed and removed in place; saved together. */
export function OwnRules({ answer, rules, issues, onChange }: Props) {
  const add = (kind: MaskingRule["kind"]) => {
    const key = Math.max(-1, ...rules.map((one) => one.key)) + 1;
    onChange([...rules, { key, rule: newRule(kind, `${kind}_${key + 1}`) }]);
  };
  return (
    <div className="flex flex-col gap-3">
      {rules.length === 0 ? (
        <p className="text-ink-2">
          None yet. Name what only you know of: customer numbers, fields of your tools, whole tools.
        </p>
      ) : null}
      {rules.map(({ key, rule }, at) => (
        <RuleFields
          key={key}
          {...{ answer, rule }}
          issueOf={(field) => issues[`rules.${at}.${field}`] ?? null}
          onChange={(next) =>
            onChange(rules.map((one) => (one.key === key ? { key, rule: next } : one)))
          }
          onRemove={() => onChange(rules.filter((one) => one.key !== key))}
        />
      ))}
      <div className="flex flex-wrap gap-2">
        {KINDS.map((kind) => (
          <Button key={kind} size="sm" onClick={() => add(kind)}>
            <Plus className="size-3.5" aria-hidden /> {KIND_WORDS[kind].label}
          </Button>
        ))}
      </div>
    </div>
  );
}

type FieldsProps = {
  answer: MaskingAnswer;
  rule: MaskingRule;
  issueOf: (field: string) => string | null;
  onChange: (rule: MaskingRule) => void;
  onRemove: () => void;
};

const FIELD_OF = { pattern: "pattern", path: "path", tool: "tool", metadata: "key" } as const;

function RuleFields({ answer, rule, issueOf, onChange, onRemove }: FieldsProps) {
  const words = KIND_WORDS[rule.kind];
  return (
    <fieldset className="flex flex-wrap items-start gap-x-3 gap-y-2 border-b pb-3">
      <legend className="sr-only">
        {words.label} {rule.name}
      </legend>
      <Field label="Name" hint={`[masked:${rule.name}]`} error={issueOf("name")} className="w-44">
        {(props) => (
          <Input
            {...props}
            value={rule.name}
            onChange={(event) => onChange({ ...rule, name: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={words.label}
        hint={words.hint}
        error={issueOf(FIELD_OF[rule.kind])}
        className="min-w-56 flex-1"
      >
        {(props) => (
          <Input
            {...props}
            className="font-mono"
            value={soughtBy(rule)}
            onChange={(event) => onChange(seeking(rule, event.target.value))}
          />
        )}
      </Field>
      {rule.kind === "tool" ? (
        <div className="flex gap-3 pt-6">
          <Checkbox
            label="Input"
            checked={rule.input}
            onChange={(event) => onChange({ ...rule, input: event.currentTarget.checked })}
          />
          <Checkbox
            label="Output"
            checked={rule.output}
            onChange={(event) => onChange({ ...rule, output: event.currentTarget.checked })}
          />
        </div>
      ) : null}
      <div className="flex items-center gap-2 pt-5">
        <MaskedCount answer={answer} rule={rule.name} />
        <IconButton label={`Remove ${rule.name}`} onClick={onRemove}>
          <Trash2 className="size-4" aria-hidden />
        </IconButton>
      </div>
    </fieldset>
  );
}
