"use client";
import { useEffect, useState } from "react";

const TOKENS = [
  "surface",
  "sunken",
  "hover",
  "selected",
  "line",
  "line-strong",
  "ink",
  "ink-2",
  "ink-3",
  "accent",
  "ok",
  "fail",
  "wait",
  "run",
  "stop",
  "budget",
  "quiet",
  "series-1",
  "series-2",
  "series-3",
  "series-5",
  "series-7",
] as const;
export type ColourToken = (typeof TOKENS)[number];
export type Palette = Record<ColourToken, string>;

const BLANK = Object.fromEntries(TOKENS.map((token) => [token, "transparent"])) as Palette;

/** A canvas knows no CSS variables: each token is resolved once by an element that wears it. */
function readPalette(): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const palette = { ...BLANK };
  for (const token of TOKENS) {
    probe.style.color = `var(--${token})`;
    palette[token] = getComputedStyle(probe).color;
  }
  probe.remove();
  return palette;
}

/** The page's colours as a canvas takes them; read again when the theme changes. Null until mounted. */
export function usePalette(): Palette | null {
  const [palette, setPalette] = useState<Palette | null>(null);
  useEffect(() => {
    const read = () => setPalette(readPalette());
    read();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", read);
    const theme = new MutationObserver(read);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      dark.removeEventListener("change", read);
      theme.disconnect();
    };
  }, []);
  return palette;
}

/** Colours of what a span is, the same in lanes, minimap and legend. */
export const TONE_TOKENS = {
  model: "series-1",
  tool: "series-3",
  wait: "wait",
  error: "fail",
  denied: "stop",
  other: "series-5",
} as const satisfies Record<string, ColourToken>;
