"use client";
import { useState } from "react";
import { Time } from "@/components/shell/time";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";

/** Text that is told this once: to be copied now. */
export function ShownOnce({
  title,
  text,
  until,
  onClose,
}: {
  title: string;
  text: string;
  until: string | null;
  onClose: () => void;
}) {
  return (
    <Notice tone="ok" live action={<Button onClick={onClose}>Done</Button>}>
      <p className="font-medium">{title}</p>
      <p className="text-sm text-ink-2">
        Copy it now, it is not shown again
        {until ? (
          <>
            {" "}
            · good until <Time at={until} />
          </>
        ) : null}
        .
      </p>
      <p className="mt-1 flex min-w-0 items-center gap-2">
        <code className="min-w-0 rounded-sm bg-surface px-1.5 py-0.5 font-mono text-sm break-all">
          {text}
        </code>
        <CopyButton text={text} label="Copy it" />
      </p>
    </Notice>
  );
}

export type Shown = { title: string; text: string; until: string | null };

/** The one that is shown now, if any. */
export function useShown() {
  return useState<Shown | null>(null);
}
