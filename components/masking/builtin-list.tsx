"use client";
import { Time } from "@/components/shell/time";
import { Checkbox } from "@/components/ui/field";
import { formatCount } from "@/lib/format";
import type { MaskingAnswer } from "@/lib/masking/schema";

const GROUPS = [
  { group: "credentials", title: "Credentials" },
  { group: "personal", title: "Personal data" },
] as const;

type Props = {
  answer: MaskingAnswer;
  on: Record<string, boolean>;
  onChange: (name: string, on: boolean) => void;
};

/** The rules that come with Watchkeeper, and how often each has found something. */
export function BuiltinList({ answer, on, onChange }: Props) {
  return (
    <div className="grid grid-cols-1 gap-x-8 gap-y-4 lg:grid-cols-2">
      {GROUPS.map(({ group, title }) => (
        <fieldset key={group} className="min-w-0">
          <legend className="mb-1 text-sm font-medium text-ink-2">{title}</legend>
          <ul className="divide-y">
            {answer.builtin
              .filter((rule) => rule.group === group)
              .map(({ name, title }) => (
                <li key={name} className="flex min-h-8 items-center justify-between gap-3">
                  <Checkbox
                    label={title}
                    checked={on[name] ?? false}
                    onChange={(event) => onChange(name, event.currentTarget.checked)}
                  />
                  <MaskedCount answer={answer} rule={name} />
                </li>
              ))}
          </ul>
        </fieldset>
      ))}
    </div>
  );
}

export function MaskedCount({ answer, rule }: { answer: MaskingAnswer; rule: string }) {
  const counted = answer.masked.find((one) => one.rule === rule);
  if (!counted) return <span className="text-sm text-ink-3">none yet</span>;
  return (
    <span className="text-right text-sm whitespace-nowrap text-ink-3">
      <span className="tabular-nums text-ink">{formatCount(counted.fields)}</span> masked, last{" "}
      <Time at={counted.last_at} />
    </span>
  );
}
