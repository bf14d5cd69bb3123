"use client";
import { RestoreButton } from "@/components/prices/restore-button";
import { Notice } from "@/components/ui/notice";
import type { Prices } from "@/lib/costs/prices-schema";

type SavedNoticeProps = { prices: Prices; onUndone: (prices: Prices) => void };

/** What a save has done, what it has not, and the way back. */
export function SavedNotice({ prices, onUndone }: SavedNoticeProps) {
  const { number } = prices;
  return (
    <Notice
      tone="ok"
      live
      action={
        <RestoreButton number={number - 1} current={number} onRestored={onUndone} label="Undo" />
      }
    >
      Saved as version {number}. Sessions that begin or go on from now are priced with it; those
      that rest keep their price until history is re-priced.
    </Notice>
  );
}
