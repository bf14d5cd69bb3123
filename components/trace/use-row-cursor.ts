"use client";
import { type RefObject, useEffect, useRef } from "react";
import { useCursor, useCursorMoves } from "@/components/trace/cursor";

const NEAR = "data-near";

/** Ties a list to the shared cursor: a row under the pointer sets it, set elsewhere it marks a row. */
export function useRowCursor(list: RefObject<HTMLElement | null>): void {
  const cursor = useCursor();
  const inside = useRef(false);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const over = (event: PointerEvent) => {
      if (event.pointerType === "touch" || !(event.target instanceof Element)) return;
      const row = event.target.closest("[data-at]");
      inside.current = true;
      cursor.set(row ? Number(row.getAttribute("data-at")) : null);
    };
    const out = () => {
      inside.current = false;
      cursor.set(null);
    };
    element.addEventListener("pointerover", over);
    element.addEventListener("pointerleave", out);
    return () => {
      element.removeEventListener("pointerover", over);
      element.removeEventListener("pointerleave", out);
    };
  }, [list, cursor]);
  useCursorMoves((us) => {
    const element = list.current;
    if (!element) return;
    let near: Element | null = null;
    if (us !== null && !inside.current) {
      for (const row of element.querySelectorAll("[data-at]")) {
        if (Number(row.getAttribute("data-at")) <= us) near = row;
      }
    }
    for (const row of element.querySelectorAll(`[${NEAR}]`)) row.removeAttribute(NEAR);
    near?.setAttribute(NEAR, "");
  });
}
