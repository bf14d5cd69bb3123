import type { RawItem } from "@/lib/ingest/schema";
import { acceptItems } from "@/lib/ingest/service";
import type { Reader } from "./budget-store";

/** Hands what was read to ingest; resolves once it is committed. */
export type Take = (items: readonly RawItem[]) => Promise<void>;

/** Each reading by itself. */
export function takeAlone(reader: Reader, source: "poll" | "stream" = "poll"): Take {
  return async (items) => {
    if (items.length === 0) return;
    const numbered = items.map((item, index) => ({ ...item, index }));
    await acceptItems({ ...reader, source }, numbered, [], new Date());
  };
}

/** A transaction of this size costs little more than one of a tenth of it. */
const MOST_ITEMS = 1_000;
/** One is prepared while the database is at another. */
const BATCHES_AT_ONCE = 2;

type Waiting = { items: readonly RawItem[]; done: (taken: Promise<void>) => void };

/** What comes while others are being written waits for them and is written together. */
export function takeTogether(reader: Reader): Take {
  const take = takeAlone(reader);
  const waiting: Waiting[] = [];
  let busy = 0;
  const next = () => {
    if (busy >= BATCHES_AT_ONCE || waiting.length === 0) return;
    const batch = takeUpTo(waiting, MOST_ITEMS);
    busy++;
    const taken = take(batch.flatMap(({ items }) => items)).finally(() => {
      busy--;
      next();
    });
    for (const { done } of batch) done(taken);
  };
  return (items) =>
    new Promise<void>((done) => {
      waiting.push({ items, done });
      next();
    });
}

/** From the front, one at least. */
function takeUpTo(waiting: Waiting[], most: number): Waiting[] {
  let count = 0;
  const fits = waiting.findIndex(({ items }, at) => {
    count += items.length;
    return at > 0 && count > most;
  });
  return waiting.splice(0, fits < 0 ? waiting.length : fits);
}
