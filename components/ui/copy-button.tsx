"use client";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { copyText } from "@/components/ui/clipboard";

/** Copies `text`; says so for two seconds. With `word`, a button with that word; else an icon named by `label`. */
export function CopyButton({
  text,
  label,
  word,
  className,
}: {
  text: string | (() => string);
  label: string;
  word?: string;
  className?: string;
}) {
  const [state, setState] = useState<"ready" | "done" | "failed">("ready");
  async function copy() {
    const done = await copyText(typeof text === "string" ? text : text());
    setState(done ? "done" : "failed");
    setTimeout(() => setState("ready"), 2000);
  }
  const said = state === "done" ? "Copied" : state === "failed" ? "Copying was refused" : null;
  const icon = state === "done" ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />;
  return (
    <>
      {word ? (
        <Button size="sm" onClick={copy} className={className}>
          {icon}
          {said ?? word}
        </Button>
      ) : (
        <IconButton label={said ?? label} size="sm" onClick={copy} className={className}>
          {icon}
        </IconButton>
      )}
      <span role="status" className="sr-only">
        {said}
      </span>
    </>
  );
}
