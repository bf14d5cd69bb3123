"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { buttonClass } from "@/components/ui/button";
import { Mark, type Shape, type Tone } from "@/components/ui/mark";

type RowProps = {
  shape: Shape;
  tone: Tone;
  to?: string;
  action?: string;
  aside?: ReactNode;
  children: ReactNode;
};

/** One thing that needs somebody: its sign, the sentence, its money and the way to it. */
export function AttentionRow({ shape, tone, to, action, aside, children }: RowProps) {
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1 last:border-b-0">
      <Mark shape={shape} tone={tone} />
      <p className="min-w-48 flex-1 wrap-anywhere">{children}</p>
      <div className="flex items-center gap-3 max-sm:pl-6.5">
        {aside ? <span className="text-ink-2">{aside}</span> : null}
        {to && action ? (
          <Link href={to} className={buttonClass("default", "sm")}>
            {action}
          </Link>
        ) : null}
      </div>
    </li>
  );
}
