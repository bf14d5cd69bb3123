"use client";
import { useNow } from "@/components/shell/display";
import { useScope } from "@/components/shell/scope";
import { Time } from "@/components/shell/time";
import { Mark } from "@/components/ui/mark";
import { formatDuration, formatPlural } from "@/lib/format";
import type { Answers } from "@/lib/metrics/queries";

const LATE_MS = 5 * 60_000;

/** Until when all there was is in the figures; what is behind or being made anew is said to be. */
export function Freshness({ answers }: { answers: Answers | undefined }) {
  const { scope } = useScope();
  const now = useNow(30_000);
  const [figure] = answers?.figures ?? [];
  if (figure === undefined) return null;
  const { complete_until: until, outdated_sessions: outdated } = figure;
  if (outdated > 0)
    return (
      <p className="min-w-0 max-w-full text-sm text-ink-3">
        <Mark
          className="max-w-full"
          shape="hourglass"
          tone="wait"
          word={`figures are partial: after an update, ${formatPlural(outdated, "session")} are still to be derived anew`}
        />
      </p>
    );
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
