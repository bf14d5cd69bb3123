"use client";
import type { ReactNode } from "react";
import { cx } from "@/components/ui/cx";

type SegmentedProps<T extends string> = {
  label: string;
  value: T;
  options: readonly { value: T; label: ReactNode; name?: string }[];
  onChange: (value: T) => void;
  size?: "sm" | "md";
};

/** A small choice of one among few, all visible. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
  size = "md",
}: SegmentedProps<T>) {
  return (
    <fieldset className="inline-flex rounded-md border border-line-strong bg-surface p-px">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          aria-label={option.name}
          onClick={() => onChange(option.value)}
          className={cx(
            "inline-flex items-center justify-center gap-1 rounded-sm text-sm",
            size === "sm" ? "h-6 min-w-6 px-1.5" : "h-7 min-w-7 px-2",
            option.value === value ? "bg-hover font-medium text-ink" : "text-ink-3 hover:text-ink",
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
