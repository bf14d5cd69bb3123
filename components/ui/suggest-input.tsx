"use client";
import type { ComponentProps } from "react";
import { Input } from "@/components/ui/field";

type Suggestion = { value: string; label?: string };

/** A field for any text that offers what is known: `<SuggestInput {...props} known={keys} />`. */
export function SuggestInput({
  known,
  id,
  ...rest
}: ComponentProps<typeof Input> & { known: readonly Suggestion[] }) {
  return (
    <>
      <Input id={id} list={`${id}-known`} {...rest} />
      <datalist id={`${id}-known`}>
        {known.map(({ value, label }) => (
          <option key={value} value={value} label={label} />
        ))}
      </datalist>
    </>
  );
}
