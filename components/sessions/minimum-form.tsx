"use client";
import { type FormEvent, useState } from "react";
import type { MinimumName } from "@/components/sessions/filter";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";

const UNITS: Record<MinimumName, { label: string; size: number; step: string }> = {
  min_cost_nanos: { label: "US dollars", size: 1_000_000_000, step: "0.01" },
  min_duration_ms: { label: "Minutes", size: 60_000, step: "0.5" },
};

type MinimumFormProps = {
  name: MinimumName;
  value: string | null;
  onChange: (value: string | null) => void;
};

/** A lower bound, typed in a unit people think in. */
export function MinimumForm({ name, value, onChange }: MinimumFormProps) {
  const unit = UNITS[name];
  const [text, setText] = useState(value === null ? "" : String(Number(value) / unit.size));
  const amount = Number(text);
  const wrong = text !== "" && !(Number.isFinite(amount) && amount >= 0);
  function apply(event: FormEvent) {
    event.preventDefault();
    if (!wrong) onChange(text === "" ? null : String(Math.round(amount * unit.size)));
  }
  return (
    <form onSubmit={apply} className="flex w-64 items-end gap-2 p-3">
      <Field label={unit.label} error={wrong ? "A number from 0 up." : null} className="flex-1">
        {(p) => (
          <Input
            {...p}
            inputMode="decimal"
            step={unit.step}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" disabled={wrong}>
        Apply
      </Button>
    </form>
  );
}
