"use client";
import { useState } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { Segmented } from "@/components/ui/segmented";
import type { Comparison } from "@/lib/agents/schema";

type PinProps = { pin: NonNullable<Comparison["pin"]> };

/** How to stay with the version before: in words, as a call to copy, and what not to throw away yet. */
export function PinPanel({ pin: { text, calls, reminder } }: PinProps) {
  const [chosen, setChosen] = useState(calls[0]?.title ?? "");
  const call = calls.find(({ title }) => title === chosen) ?? calls[0];
  return (
    <section aria-label="Advice" className="flex flex-col gap-2 px-3 pb-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-medium">Pin the version before</h3>
        <Segmented
          label="Show the call as"
          size="sm"
          value={chosen}
          options={calls.map(({ title }) => ({ value: title, label: title }))}
          onChange={setChosen}
        />
      </div>
      <p className="text-ink-2">{text}</p>
      {call ? <CodeBlock text={call.code} label={`the ${call.title} call`} /> : null}
      <p className="text-sm text-ink-3">{reminder}</p>
    </section>
  );
}
