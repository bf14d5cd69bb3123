"use client";
import { useNow } from "@/components/shell/display";
import { useScope } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { Mark } from "@/components/ui/mark";
import { formatDuration } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";

const LATE_MS = 5 * 60_000;

/** Until when all there was is in the figures; a connection that is behind is said to be. */
export function Freshness({ answers }: { answers: Answers | undefined }) {
  const { scope } = useScope();
  const now = useNow(30_000);
  const until = answers?.figures?.[0]?.complete_until;
  if (until === undefined) return null;
  const { range } = scope;
  const untilMs = Date.parse(until);
  const endMs = range.kind === "fixed" ? Math.min(range.toMs, untilMs) : untilMs;
  const behindMs = (range.kind === "fixed" ? Math.min(range.toMs, now) : now) - endMs;
  return (
    <p className="flex items-center gap-2 text-sm text-ink-3">
      <span>
        complete until <Time at={endMs} />
      </span>
      {behindMs > LATE_MS ? (
        <Mark
          shape="hourglass"
          tone="wait"
          word={`a connection is ${formatDuration(Math.floor(behindMs / 60_000) * 60_000)} behind`}
        />
      ) : null}
    </p>
  );
}
