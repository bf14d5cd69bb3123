import type { ReactNode } from "react";
import { cx } from "@/components/ui/cx";
import { TONE_SOFT, TONE_TEXT, type Tone } from "@/components/ui/mark";
import { plain } from "@/lib/format";

/** A small label set into text: "demo", "v13", "unpriced". */
export function Tag({
  tone,
  children,
  title,
  mono,
  className,
}: {
  tone?: Tone;
  children: ReactNode;
  title?: string;
  mono?: boolean;
  className?: string;
}) {
  return (
    <span
      title={title}
      className={cx(
        "inline-flex h-4 max-w-full items-center rounded-sm px-1 text-xs whitespace-nowrap",
        tone ? cx(TONE_SOFT[tone], TONE_TEXT[tone]) : "bg-quiet-soft text-ink-2",
        mono && "font-mono",
        className,
      )}
    >
      <span className="truncate">{typeof children === "string" ? plain(children) : children}</span>
    </span>
  );
}
