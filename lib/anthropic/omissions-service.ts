import { noteWarnings } from "@/lib/connections/warning-store";
import type { Sighting } from "@/lib/connections/warnings";
import { prisma } from "@/lib/db/client";
import { readRetained } from "@/lib/ingest/seal-store";
import { holdNames } from "@/lib/sessions/names-store";
import type { Sync } from "./session-service";

/** Counts what an answer left out. What is gone is no example of it: its id is not to come back. */
export async function noteOmissions(
  { reader }: Pick<Sync, "reader">,
  seen: readonly Sighting[],
  now = new Date(),
): Promise<void> {
  const examples = seen.flatMap(({ example }) => example ?? []);
  if (seen.length === 0) return;
  await prisma.$transaction(async (tx) => {
    await holdNames(tx, reader.workspace);
    const retained = await readRetained(tx, reader, examples);
    const isGone = (id: string) => (retained.get(id)?.how ?? "sealed") !== "sealed";
    const told = seen.map((one) =>
      one.example !== null && isGone(one.example) ? { ...one, example: null } : one,
    );
    await noteWarnings(reader, told, now, tx);
  });
}
