"use client";
import type { ComponentProps, ReactNode } from "react";
import { issueAt, issueId, type RuleForm } from "@/components/alerts/rule-form";
import { cx } from "@/components/ui/cx";
import { Input, Select } from "@/components/ui/field";

type ClauseProps = {
  form: RuleForm;
  /** The fields that stand in it, by the API's names: what is wrong with them is told below. */
  paths: readonly string[];
  children: ReactNode;
};

/** A part of the rule's sentence: words with controls among them. */
export function Clause({ form, paths, children }: ClauseProps) {
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-x-1.5 gap-y-1.5">{children}</div>
      {paths.map((path) => {
        const message = issueAt(form.issues, path);
        return message ? (
          <p key={path} id={issueId(path)} className="text-sm text-fail">
            {message}
          </p>
        ) : null;
      })}
    </div>
  );
}

type OfForm = { form: RuleForm; path: string; label: string };

const described = ({ form, path }: Omit<OfForm, "label">) =>
  issueAt(form.issues, path) ? { "aria-invalid": true, "aria-describedby": issueId(path) } : {};

type TextBoxProps = OfForm & {
  value: string;
  onChange: (value: string) => void;
  /** Signs beside the field: a unit. */
  before?: string;
  after?: string;
  /** Words, not a figure. */
  isText?: boolean;
  className?: string;
} & Pick<ComponentProps<"input">, "placeholder" | "inputMode" | "maxLength">;

/** A field within the sentence. */
export function TextBox(props: TextBoxProps) {
  const { form, path, label, value, onChange, before, after, isText, className, ...rest } = props;
  return (
    <span className="inline-flex items-center gap-1">
      {before ? <span className="text-ink-2">{before}</span> : null}
      <Input
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={cx(isText ? "!w-44" : "!w-20 text-right", className)}
        {...described({ form, path })}
        {...rest}
      />
      {after ? <span className="text-ink-2">{after}</span> : null}
    </span>
  );
}

type PickBoxProps<T extends string> = OfForm & {
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
  className?: string;
};

/** A choice within the sentence. */
export function PickBox<T extends string>(props: PickBoxProps<T>) {
  const { form, path, label, value, options, onChange, className } = props;
  return (
    <Select
      quiet
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value as T)}
      className={cx("max-w-full", className)}
      {...described({ form, path })}
    >
      {options.map(([id, word]) => (
        <option key={id} value={id}>
          {word}
        </option>
      ))}
    </Select>
  );
}
