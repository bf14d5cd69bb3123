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
