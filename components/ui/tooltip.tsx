"use client";
import { Tooltip } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "@/components/ui/kbd";

type TipProps = {
  content: ReactNode;
  children: ReactElement;
  shortcut?: string;
  side?: "top" | "right" | "bottom" | "left";
};

/** A short explanation on hover and focus. `children` must take a ref and props (a button, a link, a span with tabIndex). */
export function Tip({ content, children, shortcut, side }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 flex max-w-80 items-center gap-2 rounded-md border border-line-strong bg-raised px-2 py-1 text-sm text-ink"
        >
          <span>{content}</span>
          {shortcut ? <Kbd keys={shortcut} /> : null}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** Once, around everything that uses Tip. */
export function TipProvider({ children }: { children: ReactNode }) {
  return (
    <Tooltip.Provider delayDuration={300} skipDelayDuration={200}>
      {children}
    </Tooltip.Provider>
  );
}
