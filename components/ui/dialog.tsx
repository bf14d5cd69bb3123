"use client";
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { plain } from "@/lib/format";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  className?: string;
};

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  className,
}: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-[color-mix(in_srgb,var(--sunken)_60%,transparent)]" />
        <Primitive.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          tabIndex={-1}
          onOpenAutoFocus={(event) => {
            // The dialog itself, not its close button: that would open with a tooltip.
            event.preventDefault();
            (event.currentTarget as HTMLElement | null)?.focus();
          }}
          className={cx(
            "fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 flex-col rounded-lg border border-line-strong bg-raised outline-none",
            className,
          )}
        >
          <header className="flex items-start gap-2 px-4 pt-3">
            <Primitive.Title className="min-w-0 flex-1 pt-1 text-md font-semibold wrap-anywhere">
              {plain(title)}
            </Primitive.Title>
            <Primitive.Close asChild>
              <IconButton label="Close" className="-mr-2">
                <X size={16} aria-hidden />
              </IconButton>
            </Primitive.Close>
          </header>
          {description ? (
            <Primitive.Description asChild>
              <div className="px-4 pt-1 text-ink-2">{description}</div>
            </Primitive.Description>
          ) : null}
          <div className="min-h-0 flex-1 overflow-auto px-4 py-3">{children}</div>
          {footer ? (
            <footer className="flex justify-end gap-2 border-t px-4 py-3">{footer}</footer>
          ) : null}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
