import { refuseWhenFull } from "@/lib/db/space";
import { groupBatch } from "./batch";
import { fitsWith, type Load } from "./load";
import { maskedRejection } from "./masking";
import { MaskingChanged, readMasking } from "./masking-service";
import { normalizeItem } from "./normalize";
import type { EventRecord, IngestAnswer, ObjectRecord, Origin, RawItem, Rejection } from "./schema";
import { inSharedSlot } from "./slots";
import { writeLoads } from "./write-service";

/**
 * Takes items of any number of sessions in: every good one is stored and folded in one transaction, every
 * bad one answered and kept with its reason, what comes for a sealed session counted. Returns once committed.
 * Throws `rate_limited` when too many batches wait, `out_of_space` on a full disk; nothing is stored then.
 */
export async function acceptItems(
  origin: Origin,
  items: readonly RawItem[],
  alreadyRejected: readonly Rejection[],
  now: Date,
): Promise<IngestAnswer> {
  await refuseWhenFull();
  const { load, written } = await writeItems(origin, { items, alreadyRejected }, now);
  return {
    accepted: written.accepted,
    duplicates: written.duplicates + load.grouped.repeated,
    updated: written.updated,
    rejected: [...load.rejected, ...written.late]
      .map(({ index, kind, code, message }) => ({ index, kind, code, message }))
      .sort((a, b) => a.index - b.index),
  };
}

const TOGETHER = { fits: fitsWith, write: writeLoads };

type Items = { items: readonly RawItem[]; alreadyRejected: readonly Rejection[] };

/** As often as the rules of masking change meanwhile. */
async function writeItems(origin: Origin, all: Items, now: Date) {
  for (;;) {
    const load = await maskedLoad(origin, all, now);
    try {
      return { load, written: await inSharedSlot(origin, load, TOGETHER) };
    } catch (error) {
      if (!(error instanceof MaskingChanged)) throw error;
    }
  }
}

async function maskedLoad(
  origin: Origin,
  { items, alreadyRejected }: Items,
  now: Date,
): Promise<Load> {
  const events: EventRecord[] = [];
  const objects: ObjectRecord[] = [];
  const masking = await readMasking(origin, items);
  const rejected = alreadyRejected.map((one) => maskedRejection(masking, one, null));
  for (const item of items) {
    const result = normalizeItem(item, masking);
    if (result.kind === "event") events.push(result.event);
    else if (result.kind === "object") objects.push(result.object);
    else rejected.push(result.rejection);
  }
  return { origin, grouped: groupBatch(events, objects), rejected, masking, now };
}
