"use client";
import type { RefObject } from "react";
import { useShortcuts } from "@/components/shell/shortcuts";

/** Moves the focus from row to row; a row's link opens it. */
function move(step: number): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-row-link]")];
  const at = links.findIndex((link) => link.contains(document.activeElement));
  const next = at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + step));
  links[next]?.focus();
}

/** @param group under which the keys are listed: the page's name */
export function useFleetKeys(searchRef: RefObject<HTMLInputElement | null>, group = "Fleet"): void {
  useShortcuts([
    { keys: "j", label: "Next row", group, run: () => move(1) },
    { keys: "k", label: "Row before", group, run: () => move(-1) },
    { keys: "/", label: "Search", group, run: () => searchRef.current?.focus() },
  ]);
}
