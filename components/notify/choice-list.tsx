"use client";
import { Checkbox } from "@/components/ui/field";

type ChoiceListProps = {
  label: string;
  options: readonly { id: string; name: string }[];
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
  /** What is said where there is nothing to choose from. */
  none?: string;
};

/** Some of few, all visible. */
export function ChoiceList({ label, options, chosen, onChange, none }: ChoiceListProps) {
  return (
    <fieldset className="flex flex-col">
      <legend className="mb-1 text-sm font-medium text-ink-2">{label}</legend>
      {options.length === 0 && none ? <p className="text-ink-3">{none}</p> : null}
      <div className="flex flex-wrap gap-x-4">
        {options.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
