"use client";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { formatBytes } from "@/lib/format";
import { foldText, utf8Bytes } from "@/lib/sessions/content";

/** Long text, its beginning first; the button tells the whole size and shows it. Nothing is cut for good. */
export function FoldedText({
  text,
  limit = 2000,
  mono,
  className,
  render,
}: {
  text: string;
  limit?: number;
  mono?: boolean;
  className?: string;
  /** How to draw what is shown, where it is no plain text. */
  render?: (shown: string) => ReactNode;
}) {
  const [all, setAll] = useState(false);
  const { shown, rest } = all ? { shown: text, rest: 0 } : foldText(text, limit);
  return (
    <div className={cx("min-w-0", className)}>
      {render ? (
        render(shown)
      ) : (
        <div
          className={cx("whitespace-pre-wrap wrap-anywhere", mono && "font-mono text-sm leading-5")}
        >
          {shown}
          {rest > 0 ? "…" : null}
        </div>
      )}
      {rest > 0 ? (
        <Button size="sm" className="mt-1" onClick={() => setAll(true)}>
          Show all, {formatBytes(utf8Bytes(text))}
        </Button>
      ) : null}
      {all && foldText(text, limit).rest > 0 ? (
        <Button size="sm" className="mt-1" onClick={() => setAll(false)}>
          Show less
        </Button>
      ) : null}
    </div>
  );
}
