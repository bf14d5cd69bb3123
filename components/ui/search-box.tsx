"use client";
import { Search } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { Input } from "@/components/ui/field";

const TYPING_MS = 300;

type SearchBoxProps = {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  inputRef: RefObject<HTMLInputElement | null>;
};

/** Free text; asked for when the typing rests. */
export function SearchBox({ label, placeholder, value, onChange, inputRef }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  // Asked for, and not yet in the address: it may come late, while more is typed.
  const [pending, setPending] = useState<readonly string[]>([]);
  if (value !== seen) {
    setSeen(value);
    const at = pending.indexOf(value);
    setPending(at < 0 ? [] : pending.slice(at + 1));
    if (at < 0) setText(value);
  }
  const asked = pending.at(-1) ?? seen;
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => {
      setPending((before) => [...before, text]);
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
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={placeholder}
        maxLength={200}
        className="pl-7"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </span>
  );
}
