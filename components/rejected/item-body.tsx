"use client";
import { useMemo } from "react";
import { FoldedText } from "@/components/trace/folded-text";
import { JsonView } from "@/components/trace/json-view";
import { jsonOf } from "@/lib/sessions/content";

/** Larger bodies are shown as they came: a tree of them would take too long. */
const TREE_BYTES = 400_000;

/** The item as it came: JSON as a tree that folds, anything else as text. Nothing of it is run. */
export function ItemBody({ text, bytes }: { text: string; bytes: number }) {
  const json = useMemo(() => (bytes < TREE_BYTES ? jsonOf(text) : null), [text, bytes]);
  return (
    <div className="min-w-0 rounded-md border bg-surface p-2">
      {json === null ? (
        <FoldedText text={text} mono limit={4000} />
      ) : (
        <JsonView value={json} open={3} />
      )}
    </div>
  );
}
