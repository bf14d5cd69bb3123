"use client";
import type { ComponentProps } from "react";
import { Field, Input } from "@/components/ui/field";

type TextFieldProps = Omit<ComponentProps<"input">, "onChange" | "value"> & {
  label: string;
  hint?: string;
  error: string | null;
  value: string;
  onChange: (text: string) => void;
  className: string;
};

/** One typed value of an entry. */
export function TextField({ label, hint, error, className, onChange, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(props) => <Input {...props} {...rest} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

type FromProps = { error: string | null; value: string; onChange: (text: string) => void };

/** The UTC day from which an entry holds. */
export function FromField(props: FromProps) {
  return <TextField {...props} label="From, UTC" type="date" className="w-40" />;
}
