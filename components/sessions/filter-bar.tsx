"use client";
import { Search, X } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { type Chip, chipsOf, cleared } from "@/components/sessions/filter";
import {
  type Facets,
  FilterEditor,
  FilterMenu,
  type FilterSetter,
  namesIn,
} from "@/components/sessions/filter-menu";
import { Button, buttonClass, IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { Input } from "@/components/ui/field";
import { Popover } from "@/components/ui/popover";

type FilterBarProps = {
  params: URLSearchParams;
  facets: Facets | undefined;
  set: (changes: Record<string, string | string[] | null>, options?: { replace?: boolean }) => void;
  searchRef: RefObject<HTMLInputElement | null>;
};

const TYPING_MS = 300;

export function FilterBar({ params, facets, set, searchRef }: FilterBarProps) {
  const chips = chipsOf(params, namesIn(facets));
  const failed = params.get("failed") === "true";
  const filtered = chips.length > 0 || failed || params.has("q");
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchBox
        value={params.get("q") ?? ""}
        inputRef={searchRef}
        onChange={(q) => set({ q: q || null }, { replace: true })}
      />
      <FilterMenu params={params} facets={facets} onChange={set} />
      <Button
        aria-pressed={failed}
        variant={failed ? "alarm" : "default"}
        className="font-normal"
        onClick={() => set({ failed: failed ? null : "true" })}
      >
        Failed only
      </Button>
      {chips.map((chip) => (
        <FilterChip key={chip.name} chip={chip} params={params} facets={facets} onChange={set} />
      ))}
      {filtered ? (
        <Button variant="ghost" onClick={() => set(cleared(params))}>
          Clear filters
        </Button>
      ) : null}
    </search>
  );
}

type FilterChipProps = {
  chip: Chip;
  params: URLSearchParams;
  facets: Facets | undefined;
  onChange: FilterSetter;
};

export function FilterChip({ chip, params, facets, onChange }: FilterChipProps) {
  return (
    <span className="inline-flex max-w-full">
      <Popover
        label={chip.label}
        trigger={
          <button
            type="button"
            className={cx(buttonClass("chosen"), "min-w-0 rounded-r-none font-normal")}
          >
            <span className="text-ink-2">{chip.label}</span>
            <span className="truncate">{chip.words}</span>
          </button>
        }
      >
        <FilterEditor
          name={chip.name}
          label={chip.label}
          params={params}
          facets={facets}
          onChange={onChange}
        />
      </Popover>
      <IconButton
        label={`Remove the filter ${chip.label}`}
        variant="chosen"
        className="-ml-px rounded-l-none"
        onClick={() => onChange({ [chip.name]: null })}
      >
        <X size={14} aria-hidden />
      </IconButton>
    </span>
  );
}

type SearchBoxProps = {
  value: string;
  onChange: (value: string) => void;
  inputRef: RefObject<HTMLInputElement | null>;
};

/** Free text; asked for when the typing rests. */
function SearchBox({ value, onChange, inputRef }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [asked, setAsked] = useState(value);
  if (value !== asked) {
    setAsked(value);
    setText(value);
  }
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => {
      setAsked(text);
      onChange(text);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, asked, onChange]);
  return (
    <span className="relative min-w-40 flex-1 sm:max-w-72">
      <Search size={14} aria-hidden className="absolute top-2.5 left-2 text-ink-3" />
      <Input
        ref={inputRef}
        type="search"
        aria-label="Search titles, ids and messages"
        aria-keyshortcuts="/"
        placeholder="Search titles, ids, messages"
        maxLength={200}
        className="pl-7"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </span>
  );
}
