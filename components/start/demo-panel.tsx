"use client";
import { useState } from "react";
import { errorWords, Panel } from "@/components/shell/panel";
import { useDemo } from "@/components/shell/use-demo";
import { Button } from "@/components/ui/button";
import { Field, Select } from "@/components/ui/field";
import { Progress } from "@/components/ui/progress";
import { formatCount } from "@/lib/format";

const SIZES = [
  { id: "small", label: "300 sessions over 7 days", sessions: 300, days: 7 },
  { id: "medium", label: "1,000 sessions over 30 days", sessions: 1000, days: 30 },
  { id: "large", label: "5,000 sessions over 30 days", sessions: 5000, days: 30 },
] as const;

/** A simulated fleet, to look around with before there is data of one's own. */
export function DemoPanel() {
  const { demo, busy, start } = useDemo();
  const [sizeId, setSizeId] = useState<string>("medium");
  const size = SIZES.find((item) => item.id === sizeId) ?? SIZES[1];
  const making = demo?.state === "waiting" || demo?.state === "filling";
  const there = demo?.state === "ready" || demo?.state === "live";
  return (
    <Panel
      title="Look around with demo data"
      hint="a simulated fleet, always marked as demo, gone in one click"
    >
      <div className="flex flex-wrap items-end gap-2">
        <Field label="Size" className="w-60">
          {(p) => (
            <Select
              {...p}
              value={sizeId}
              disabled={busy}
              onChange={(event) => setSizeId(event.target.value)}
            >
              {SIZES.map((item) => (
                <option key={item.id} value={item.id}>
                  {item.label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button
          disabled={busy || start.isPending || there}
          onClick={() =>
            start.mutate({ sessions: size.sessions, days: size.days, seed: "watchkeeper" })
          }
        >
          {there ? "Demo data is here" : "Load demo data"}
        </Button>
      </div>
      {busy && demo ? (
        <div className="mt-3 flex flex-col gap-1">
          <Progress
            label="Demo data"
            value={demo.state === "waiting" || demo.total === 0 ? null : demo.done / demo.total}
          />
          <p role="status" className="text-sm text-ink-2">
            {making ? "Making" : "Removing"}: {formatCount(demo.done)} of {formatCount(demo.total)}{" "}
            sessions
            {demo.events > 0 ? `, ${formatCount(demo.events)} events` : ""}
          </p>
        </div>
      ) : null}
      {demo?.state === "failed" ? (
        <p role="alert" className="mt-2 text-fail">
          {demo.message}
        </p>
      ) : null}
      {start.error ? (
        <p role="alert" className="mt-2 text-fail">
          {errorWords(start.error)}
        </p>
      ) : null}
    </Panel>
  );
}
