"use client";
import type { EPISODE_FILTERS } from "@/components/alerts/episode-filter";
import { SEVERITY_LOOKS, SEVERITY_ORDER } from "@/components/alerts/words";
import { Select } from "@/components/ui/field";

type FiltersProps = {
  params: URLSearchParams;
  set: (changes: Record<string, string | null>) => void;
};

export function EpisodeFilters({ params, set }: FiltersProps) {
  const choose = (name: (typeof EPISODE_FILTERS)[number]) => (value: string) =>
    set({ [name]: value === "" ? null : value });
  return (
    <search className="flex flex-wrap items-center gap-2">
      <Choice
        label="Open or closed"
        value={params.get("open") ?? ""}
        onChange={choose("open")}
        options={[
          ["", "Open and closed"],
          ["true", "Open"],
          ["false", "Closed"],
        ]}
      />
      <Choice
        label="Severity"
        value={params.get("severity") ?? ""}
        onChange={choose("severity")}
        options={[
          ["", "Every severity"],
          ...SEVERITY_ORDER.map((one): [string, string] => [one, SEVERITY_LOOKS[one].word]),
        ]}
      />
    </search>
  );
}

type ChoiceProps = {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
};

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Select
      quiet
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map(([id, word]) => (
        <option key={id} value={id}>
          {word}
        </option>
      ))}
    </Select>
  );
}
