"use client";
import { useEffect } from "react";

const COUNT = /^\(\d+\) /;

/** Puts a count before the title of whichever page is open: "(2) Overview · Watchkeeper". */
export function useTitleCount(count: number): void {
  useEffect(() => {
    // The title is the router's, which writes it anew with every page.
    const write = () => {
      const plain = document.title.replace(COUNT, "");
      const wanted = count > 0 ? `(${count}) ${plain}` : plain;
      if (document.title !== wanted) document.title = wanted;
    };
    write();
    const watcher = new MutationObserver(write);
    watcher.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => watcher.disconnect();
  }, [count]);
}
