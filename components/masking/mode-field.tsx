"use client";
import { Field, Select } from "@/components/ui/field";
import type { MaskingMode } from "@/lib/masking/schema";

const MODES: Record<MaskingMode, { label: string; hint: string }> = {
  full: { label: "All of it", hint: "as it comes: no rule replaces anything" },
  masked: { label: "What is left by masking", hint: "what the rules find is replaced" },
  metadata: {
    label: "No content",
    hint: "texts, inputs, outputs and messages are not kept, only their sizes; outcomes, tokens and costs are the same",
  },
};

/** What is kept from now on; what is stored stays as it is until somebody applies it there. */
export function ModeField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: MaskingMode;
  onChange: (mode: MaskingMode) => void;
}) {
  return (
    <Field
      label={label}
      hint={`${MODES[value].hint}; holds from now on, Settings → Masking applies it to what is stored`}
    >
      {(props) => (
        <Select
          {...props}
          className="max-w-60"
          value={value}
          onChange={(event) => onChange(event.target.value as MaskingMode)}
        >
          {Object.entries(MODES).map(([mode, words]) => (
            <option key={mode} value={mode}>
              {words.label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
