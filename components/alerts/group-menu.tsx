"use client";
import { ChevronDown } from "lucide-react";
import { dimensionWords } from "@/components/alerts/words";
import { Button } from "@/components/ui/button";
import { Menu, MenuCheck } from "@/components/ui/menu";

const MOST = 3;

type GroupMenuProps = {
  value: readonly string[];
  options: readonly (readonly [string, string])[];
  onChange: (value: string[]) => void;
};

/** What there is an alert of its own for: up to three dimensions. */
export function GroupMenu({ value, options, onChange }: GroupMenuProps) {
  const words = value.length === 0 ? "all together" : value.map(dimensionWords).join(", ");
  return (
    <Menu
      label="Alerts by"
      trigger={
        <Button className="min-w-0 font-normal">
          <span className="sr-only">Alerts by: </span>
          <span className="truncate">{words}</span>
          <ChevronDown size={14} aria-hidden className="shrink-0 text-ink-3" />
        </Button>
      }
    >
      {options.map(([name, word]) => (
        <MenuCheck
          key={name}
          checked={value.includes(name)}
          onChange={(isChosen) => {
            if (!isChosen) onChange(value.filter((one) => one !== name));
            else if (value.length < MOST) onChange([...value, name]);
          }}
        >
          {word}
        </MenuCheck>
      ))}
    </Menu>
  );
}
