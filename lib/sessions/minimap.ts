import type { Minimap } from "./detail-schema";

/** One model request, tool call, wait or error; instants in micros, `endUs` null while it lasts. */
export type MapSpan = {
  kind: "model_request" | "tool" | "wait" | "error";
  threadId: string;
  startUs: number;
  endUs: number | null;
  failed: boolean;
  costNanos: number;
};

type Bucket = Minimap["lanes"][number]["buckets"][number];
type Times = [modelUs: number, toolUs: number, waitUs: number];
const COLUMN = { model_request: 0, tool: 1, wait: 2 } as const;

/** What one thread has in a bucket. `whole` counts spans that begin (or, negative, cease) to fill buckets from here on. */
type Cell = { times: Times; whole: Times; errors: number; nanos: number };

/**
 * Spans → equal buckets per thread, non-empty ones only. Time is divided over the buckets a span
 * reaches into; an error counts where it happened, a cost where its request ended. Open spans last
 * until `toUs`. The work is that of spans plus buckets, however long the spans are.
 */
export function fillBuckets(given: {
  spans: readonly MapSpan[];
  fromUs: number;
  toUs: number;
  count: number;
}): { threadId: string; buckets: Bucket[] }[] {
  const { fromUs, toUs, count } = given;
  const widthUs = Math.max(1, (toUs - fromUs) / count);
  const lanes = new Map<string, Map<number, Cell>>();
  const indexOf = (us: number) =>
    Math.max(0, Math.min(count - 1, Math.floor((us - fromUs) / widthUs)));
  const cellOf = (threadId: string, index: number): Cell => {
    const lane = lanes.get(threadId) ?? new Map<number, Cell>();
    lanes.set(threadId, lane);
    const cell = lane.get(index) ?? { times: [0, 0, 0], whole: [0, 0, 0], errors: 0, nanos: 0 };
    lane.set(index, cell);
    return cell;
  };
  for (const span of given.spans) {
    const { threadId, startUs } = span;
    const endUs = Math.max(startUs, span.endUs ?? toUs);
    const [first, last] = [indexOf(startUs), indexOf(endUs)];
    const end = cellOf(threadId, last);
    if (span.failed) end.errors += 1;
    if (span.kind === "error") continue;
    end.nanos += span.costNanos;
    const column = COLUMN[span.kind];
    if (first === last) {
      end.times[column] += endUs - startUs;
      continue;
    }
    cellOf(threadId, first).times[column] += fromUs + (first + 1) * widthUs - startUs;
    end.times[column] += endUs - (fromUs + last * widthUs);
    if (last - first < 2) continue;
    cellOf(threadId, first + 1).whole[column] += 1;
    end.whole[column] -= 1;
  }
  return [...lanes].map(([threadId, cells]) => ({
    threadId,
    buckets: sweep(cells, count, widthUs),
  }));
}

function sweep(cells: ReadonlyMap<number, Cell>, count: number, widthUs: number): Bucket[] {
  const buckets: Bucket[] = [];
  const whole: Times = [0, 0, 0];
  for (let index = 0; index < count; index++) {
    const cell = cells.get(index);
    for (const column of [0, 1, 2] as const) whole[column] += cell?.whole[column] ?? 0;
    const ms = (column: 0 | 1 | 2) =>
      Math.round(((cell?.times[column] ?? 0) + whole[column] * widthUs) / 1000);
    const bucket: Bucket = [index, ms(0), ms(1), ms(2), cell?.errors ?? 0, cell?.nanos ?? 0];
    if (bucket.some((value, at) => at > 0 && value > 0)) buckets.push(bucket);
  }
  return buckets;
}
