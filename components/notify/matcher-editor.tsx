"use client";
import { Plus, X } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import { Input, Select } from "@/components/ui/field";
import { plain } from "@/lib/format";
import { problemOf } from "@/lib/notify/match";
import type { Matcher } from "@/lib/notify/schema";

const OPS: readonly (readonly [Matcher["op"], string])[] = [
  ["=", "is"],
  ["!=", "is not"],
  ["=~", "matches"],
  ["!~", "matches not"],
];

const KNOWN = [
  ...["alertname", "severity", "rule_id", "agent", "agent_version", "environment"],
  ...["deployment", "source", "model", "tool", "error_type", "session"],
];

type MatcherEditorProps = {
  matchers: readonly Matcher[];
  onChange: (matchers: Matcher[]) => void;
  /** What is shown while there is none. */
  none: string;
  issue: string | null;
};

/** Which labels an alert must have; all of it. */
export function MatcherEditor({ matchers, onChange, none, issue }: MatcherEditorProps) {
  const set = (at: number, fields: Partial<Matcher>) =>
    onChange(matchers.map((one, index) => (index === at ? { ...one, ...fields } : one)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium text-ink-2">Alerts whose label</legend>
      <datalist id="known-labels">
        {KNOWN.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {matchers.length === 0 ? <p className="text-ink-3">{none}</p> : null}
      {matchers.map((matcher, at) => {
        const problem = problemOf(matcher);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a matcher is known by its place
          <div key={at} className="flex flex-col gap-1">
            <div className="grid grid-cols-[minmax(0,1fr)_7.5rem] items-center gap-1.5 sm:grid-cols-[minmax(0,2fr)_7.5rem_minmax(0,3fr)_2rem]">
              <Input
                aria-label={`Label ${at + 1}`}
                list="known-labels"
                value={matcher.name}
                onChange={(event) => set(at, { name: event.target.value })}
              />
              <Select
                quiet
                aria-label={`Comparison ${at + 1}`}
                value={matcher.op}
                onChange={(event) => set(at, { op: event.target.value as Matcher["op"] })}
              >
                {OPS.map(([op, word]) => (
                  <option key={op} value={op}>
                    {word}
                  </option>
                ))}
              </Select>
              <Input
                aria-label={`Value ${at + 1}`}
                aria-invalid={problem === null ? undefined : true}
                value={matcher.value}
                onChange={(event) => set(at, { value: event.target.value })}
              />
              <IconButton
                label={`Remove matcher ${at + 1}`}
                onClick={() => onChange(matchers.filter((_, index) => index !== at))}
              >
                <X size={14} aria-hidden />
              </IconButton>
            </div>
            {problem ? <p className="text-sm text-fail">{problem}</p> : null}
          </div>
        );
      })}
      {issue ? <p className="text-sm text-fail">{issue}</p> : null}
      <Button
        size="sm"
        className="self-start"
        onClick={() => onChange([...matchers, { name: "", op: "=", value: "" }])}
      >
        <Plus size={14} aria-hidden />
        Add a label
      </Button>
    </fieldset>
  );
}

const OP_WORDS = new Map(OPS);

type NameOf = (ruleId: string) => string | undefined;

/** Matchers in a line: "agent is triage, severity is not critical". */
export const matcherWords = (matchers: readonly Matcher[], nameOf?: NameOf): string =>
  matchers.length === 0 ? "every alert" : matchers.map((one) => wordsOf(one, nameOf)).join(", ");

function wordsOf({ name, op, value }: Matcher, nameOf?: NameOf): string {
  const rule = name === "rule_id" ? nameOf?.(value) : undefined;
  const words = OP_WORDS.get(op) ?? op;
  const [what, which] = rule === undefined ? [name, value || "empty"] : ["rule", rule];
  return `${plain(what)} ${words} ${plain(which)}`;
}
