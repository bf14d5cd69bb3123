"use client";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { FoldedText } from "@/components/trace/folded-text";
import { Button } from "@/components/ui/button";
import { formatCount, plain } from "@/lib/format";

const FIRST = 50;

/** JSON as a tree that folds. Shows text, never runs or links it. */
export function JsonView({ value, open = 2 }: { value: unknown; open?: number }) {
  return (
    <div className="min-w-0 font-mono text-sm leading-5">
      <Node value={value} name={null} open={open} />
    </div>
  );
}

function Node({ value, name, open }: { value: unknown; name: string | null; open: number }) {
  if (typeof value === "object" && value !== null) {
    return <Branch value={value} name={name} open={open} />;
  }
  return (
    <div className="flex min-w-0 gap-1.5 pl-4">
      {name === null ? null : <Key name={name} />}
      <Leaf value={value} />
    </div>
  );
}

function Key({ name }: { name: string }) {
  return <span className="max-w-1/2 shrink-0 wrap-anywhere text-ink-3">{plain(name)}:</span>;
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === "string") {
    return <FoldedText text={value} limit={600} className="flex-1 text-ink" />;
  }
  return <span className="text-accent">{String(value)}</span>;
}

function Branch({ value, name, open }: { value: object; name: string | null; open: number }) {
  const [isOpen, setOpen] = useState(open > 0);
  const [shown, setShown] = useState(FIRST);
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const size = `${isList ? "[" : "{"}${formatCount(entries.length)}${isList ? "]" : "}"}`;
  if (entries.length === 0) {
    return (
      <div className="flex gap-1.5 pl-4">
        {name === null ? null : <Key name={name} />}
        <span className="text-ink-3">{isList ? "[]" : "{}"}</span>
      </div>
    );
  }
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-6 max-w-full items-center rounded-sm text-left hover:bg-hover"
      >
        {isOpen ? (
          <ChevronDown size={14} aria-hidden className="text-ink-3" />
        ) : (
          <ChevronRight size={14} aria-hidden className="text-ink-3" />
        )}
        <span className="flex min-w-0 gap-1.5 pl-0.5">
          {name === null ? null : <Key name={name} />}
          <span className="text-ink-3">{size}</span>
        </span>
      </button>
      {isOpen ? (
        <div className="ml-1.5 border-l pl-2">
          {entries.slice(0, shown).map(([key, child]) => (
            <Node key={key} name={key} value={child} open={open - 1} />
          ))}
          {entries.length > shown ? (
            <Button size="sm" className="ml-4" onClick={() => setShown(shown + FIRST * 4)}>
              {formatCount(entries.length - shown)} more
            </Button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
