import type { Minimap } from "@/lib/sessions/detail-schema";
import type { TimeWindow } from "@/lib/sessions/timeline";
import { microsFromIso } from "@/lib/time/micros";

/** The minimap in micros, threads summed: what the strip over the whole session draws. */
export type Strip = TimeWindow & {
  bucketUs: number;
  /** By bucket; empty ones are left out. */
  columns: readonly Column[];
  /** The fullest bucket's work, to scale the bars by. */
  mostMs: number;
};
export type Column = {
  index: number;
  modelMs: number;
  toolMs: number;
  waitMs: number;
  errors: number;
  costNanos: number;
};

export function stripOf(minimap: Minimap): Strip | null {
  const fromUs = microsFromIso(minimap.from ?? "");
  const toUs = microsFromIso(minimap.to ?? "");
  if (fromUs === null || toUs === null) return null;
  const columns = new Map<number, Column>();
  for (const lane of minimap.lanes) {
    for (const [index, modelMs, toolMs, waitMs, errors, costNanos] of lane.buckets) {
      const sum = columns.get(index);
      columns.set(index, {
        index,
        modelMs: modelMs + (sum?.modelMs ?? 0),
        toolMs: toolMs + (sum?.toolMs ?? 0),
        waitMs: waitMs + (sum?.waitMs ?? 0),
        errors: errors + (sum?.errors ?? 0),
        costNanos: costNanos + (sum?.costNanos ?? 0),
      });
    }
  }
  const sorted = [...columns.values()].sort((a, b) => a.index - b.index);
  const bucketUs = Math.max(1, minimap.bucket_ms * 1000);
  const mostMs = sorted.reduce((most, one) => Math.max(most, workOf(one)), bucketUs / 1000);
  return { fromUs, toUs: Math.max(toUs, fromUs + 1), bucketUs, columns: sorted, mostMs };
}

export function workOf(column: Column): number {
  return column.modelMs + column.toolMs + column.waitMs;
}

/** A bucket busy for less than this share of it is taken for idle. */
const BUSY_SHARE = 0.02;

/**
 * Buckets in which a model or a tool worked: never idle, whatever the session's status said. A call
 * that waits for its answer counts as tool and as wait, and does no work.
 */
export function busyParts(strip: Strip): TimeWindow[] {
  const leastMs = (strip.bucketUs / 1000) * BUSY_SHARE;
  return strip.columns
    .filter(({ modelMs, toolMs, waitMs }) => modelMs + Math.max(0, toolMs - waitMs) > leastMs)
    .map((column) => {
      const fromUs = strip.fromUs + column.index * strip.bucketUs;
      return { fromUs, toUs: fromUs + strip.bucketUs };
    });
}

/** Token cost up to an instant, in nano-dollars; a bucket cut by it counts in part. */
export function costUntil(strip: Strip, us: number): number {
  let nanos = 0;
  for (const column of strip.columns) {
    const fromUs = strip.fromUs + column.index * strip.bucketUs;
    const share = Math.min(1, Math.max(0, (us - fromUs) / strip.bucketUs));
    nanos += column.costNanos * share;
  }
  return Math.round(nanos);
}
