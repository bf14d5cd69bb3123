"use client";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "@/components/ui/cx";

const CONTROL =
  "min-w-0 rounded-md border bg-surface px-2 text-base text-ink disabled:opacity-50 aria-invalid:border-fail";

export function Input({ className, type = "text", ...rest }: ComponentProps<"input">) {
  return (
    <input type={type} className={cx(CONTROL, "h-8 w-full border-field", className)} {...rest} />
  );
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cx(CONTROL, "w-full border-field py-1.5", className)} {...rest} />;
}

/** `quiet` sits in a bar of buttons and looks like them. */
export function Select({
  className,
  quiet,
  ...rest
}: ComponentProps<"select"> & { quiet?: boolean }) {
  return (
    <select
      className={cx(
        CONTROL,
        "h-8 pr-1",
        quiet ? "border-line-strong" : "w-full border-field",
        className,
      )}
      {...rest}
    />
  );
}

export function Checkbox({
  label,
  className,
  ...rest
}: ComponentProps<"input"> & { label: ReactNode }) {
  return (
    <label className={cx("flex min-h-6 items-center gap-2", className)}>
      <input type="checkbox" className="size-4 shrink-0 accent-accent" {...rest} />
      {label}
    </label>
  );
}

type FieldProps = {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  children: (props: {
    id: string;
    "aria-describedby"?: string;
    "aria-invalid"?: true;
  }) => ReactNode;
  className?: string;
};

/** A label, its control, and what helps or is wrong: `<Field label="Name">{(p) => <Input {...p} />}</Field>`. */
export function Field({ label, hint, error, children, className }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cx("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium text-ink-2">
        {label}
      </label>
      {children({
        id,
        ...(note ? { "aria-describedby": `${id}-note` } : {}),
        ...(error ? { "aria-invalid": true } : {}),
      })}
      {note ? (
        <p id={`${id}-note`} className={cx("text-sm", error ? "text-fail" : "text-ink-3")}>
          {note}
        </p>
      ) : null}
    </div>
  );
}
