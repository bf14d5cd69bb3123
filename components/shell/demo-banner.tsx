"use client";
import { useState } from "react";
import { errorWords } from "@/components/shell/panel";
import { useDemo } from "@/components/shell/use-demo";
import { Needs } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Tag } from "@/components/ui/tag";
import type { DemoState } from "@/lib/demo/state";
import { formatCount } from "@/lib/format";

/** Says on every page that figures are simulated, while they are, and takes them away. */
export function DemoBanner() {
  const { demo, busy, remove } = useDemo();
  const [asking, setAsking] = useState(false);
  if (!demo || demo.state === "none") return null;
  return (
    <div className="shell-banner flex items-center gap-3 border-b bg-quiet-soft px-3 lg:px-4">
      <Tag tone="stop">demo</Tag>
      <p role="status" className="min-w-0 flex-1 truncate text-ink-2">
        {words(demo)}
      </p>
      {demo.state === "live" ? null : (
        <Needs scope="admin">
          <Button size="sm" disabled={busy || remove.isPending} onClick={() => setAsking(true)}>
            <span>
              Remove<span className="max-sm:sr-only"> demo data</span>
            </span>
          </Button>
        </Needs>
      )}
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title="Remove the demo data?"
        description="All simulated sessions, events and agents go. What you sent or imported stays."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button
              variant="danger"
              disabled={remove.isPending}
              onClick={() => remove.mutate(undefined, { onSuccess: () => setAsking(false) })}
            >
              Remove demo data
            </Button>
          </>
        }
      >
        {remove.error ? (
          <p role="alert" className="text-fail">
            {errorWords(remove.error)}
          </p>
        ) : null}
      </Dialog>
    </div>
  );
}

function words(demo: DemoState): string {
  const { state, done, total, message } = demo;
  switch (state) {
    case "waiting":
      return "Demo data is about to be made.";
    case "filling":
      return `Demo data is being made: ${formatCount(done)} of ${formatCount(total)} sessions.`;
    case "removing":
      return `Demo data is being removed: ${formatCount(done)} of ${formatCount(total)} sessions.`;
    case "failed":
      return `Demo data is incomplete: ${message ?? "making it failed"}.`;
    case "live":
      return "A simulated platform: nothing here is real.";
    default:
      return "These figures hold simulated sessions, marked demo.";
  }
}
