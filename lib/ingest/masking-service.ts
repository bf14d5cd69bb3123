import type { Db } from "@/lib/db/client";
import { add, type Hits } from "@/lib/masking/masker";
import { readMasker } from "@/lib/masking/service";
import { addMasked, holdRules } from "@/lib/masking/store";
import type { SessionWork } from "./arrival-service";
import { readCallNames } from "./call-store";
import { callsOf, type Masking, nameCall, toolNames } from "./masking";
import type { EventRecord, Origin, RawItem, Rejection } from "./schema";

/** What holds for a batch, with all that has to be known of what is stored already. */
export async function readMasking(
  origin: Omit<Origin, "source">,
  items: readonly RawItem[],
): Promise<Masking> {
  const masker = await readMasker(origin);
  if (!masker.hasOutputRules || masker.mode === "full")
    return { masker, toolOf: toolNames(new Map()) };
  const { calls, known } = callsOf(items);
  for (const { name, ...call } of await readCallNames(origin, calls)) nameCall(known, call, name);
  return { masker, toolOf: toolNames(known) };
}

/** The rules changed while a batch was on its way: what it brings has to be masked by those that hold now. */
export class MaskingChanged extends Error {}

/** Those that hold now hold to the end of the transaction: who has locked sessions holds them already. */
export async function requireSameMasking(
  db: Db,
  origin: Origin,
  { masker }: Masking,
  works: readonly SessionWork[],
): Promise<void> {
  if (works.length === 0) await holdRules(db, origin.workspace);
  if ((await readMasker(origin, db)) !== masker) throw new MaskingChanged();
}

type Arrived = {
  events: readonly EventRecord[];
  works: readonly SessionWork[];
  rejected: readonly Rejection[];
};

/** Counts what was masked in items that are new: the same again counts once. */
export async function countMasked(
  db: Db,
  { workspace }: Origin,
  { events, works, rejected }: Arrived,
  at: string,
): Promise<void> {
  const taken = works.flatMap(({ object, batch }) =>
    batch.versions.filter(({ payload }) => payload === object),
  );
  const sum: Hits = new Map();
  for (const { masked } of [...events, ...taken, ...rejected])
    for (const [rule, fields] of masked ?? []) add(sum, rule, fields);
  await addMasked(db, workspace, sum, at);
}
