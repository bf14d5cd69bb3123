"use client";
import { useTrace } from "@/components/trace/trace-context";

/** Said in a replay by panels whose figures are sums: they do not go back in time. */
export function WholeNote() {
  const { replay } = useTrace();
  if (replay.atUs === null) return null;
  return (
    <p className="mb-2 text-sm text-wait">
      These figures are the whole session's, not those of the replayed instant.
    </p>
  );
}
