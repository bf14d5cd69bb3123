"use client";
import type { RefObject } from "react";
import { useShortcuts } from "@/components/shell/shortcuts";

type ListKeys = {
  count: number;
  active: number;
  setActive: (index: number) => void;
  searchRef: RefObject<HTMLInputElement | null>;
  open: (index: number) => void;
  togglePreview: () => void;
  closePreview: () => void;
};

/** The keyboard of the sessions list. */
export function useListKeys(keys: ListKeys): void {
  const { count, active, setActive } = keys;
  const move = (step: number) => {
    if (count > 0) setActive(Math.min(count - 1, Math.max(0, active + step)));
  };
  const group = "Sessions";
  useShortcuts([
    { keys: "j", label: "Next row", group, run: () => move(1) },
    { keys: "k", label: "Row before", group, run: () => move(-1) },
    { keys: "enter", label: "Open the row", group, run: () => active >= 0 && keys.open(active) },
    { keys: "space", label: "Preview the row", group, run: keys.togglePreview },
    { keys: "/", label: "Search", group, run: () => keys.searchRef.current?.focus() },
    { keys: "escape", label: "Close the preview", group, run: keys.closePreview },
  ]);
}
