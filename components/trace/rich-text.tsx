"use client";
import { type ComponentType, useEffect, useState } from "react";

type Renderer = ComponentType<{ text: string }>;
let loaded: Renderer | null = null;
let loading: Promise<Renderer> | null = null;

/** The markdown renderer is a third of this page's script: it comes after the page stands. */
function load(): Promise<Renderer> {
  loading ??= import("@/components/trace/markdown").then((module) => {
    loaded = module.MarkdownText;
    return module.MarkdownText;
  });
  return loading;
}

/** Signs that a text means more than its characters: without them it is drawn as it is. */
const MARKUP = /[*_`#|[\]>~]|^\s*([-+]|\d+\.)\s|https?:/m;

/** Markdown, safely; plain text until the renderer is there. */
export function RichText({ text }: { text: string }) {
  const rich = MARKUP.test(text);
  const [Renderer, setRenderer] = useState<Renderer | null>(() => loaded);
  useEffect(() => {
    if (!rich || Renderer) return;
    let here = true;
    load().then(
      (component) => here && setRenderer(() => component),
      () => {},
    );
    return () => {
      here = false;
    };
  }, [rich, Renderer]);
  if (rich && Renderer) return <Renderer text={text} />;
  return <div className="whitespace-pre-wrap wrap-anywhere">{text}</div>;
}
