"use client";
import { useNow } from "@/components/shell/display";
import { useScope } from "@/components/shell/scope";
import { formatDuration, formatInstant, formatRelative, type InstantStyle } from "@/lib/format";

/** An instant in the page's time zone; the whole of it on hover. */
export function Time({
  at,
  style = "dayMinute",
  className,
}: {
  at: string | number | null;
  style?: InstantStyle;
  className?: string;
}) {
  const { tz } = useScope();
  const atMs = typeof at === "string" ? Date.parse(at) : at;
  if (atMs === null || !Number.isFinite(atMs)) return <span className={className}>–</span>;
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={`${formatInstant(atMs, tz, "full")} ${tz}`}
      className={className}
    >
      {formatInstant(atMs, tz, style)}
    </time>
  );
}

/** How long ago, moving with the clock. */
export function Ago({ at, className }: { at: string | null; className?: string }) {
  const { tz } = useScope();
  const now = useNow(5000);
  const atMs = Date.parse(at ?? "");
  if (!Number.isFinite(atMs)) return <span className={className}>–</span>;
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={`${formatInstant(atMs, tz, "full")} ${tz}`}
      className={className}
    >
      {formatRelative(atMs, now)}
    </time>
  );
}

/** How long something has lasted that began at `since` and still lasts. */
export function Lasting({ since }: { since: string }) {
  const now = useNow(1000);
  const sinceMs = Date.parse(since);
  return <span>{formatDuration(Math.max(0, Math.floor((now - sinceMs) / 1000) * 1000))}</span>;
}
