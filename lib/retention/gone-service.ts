import { prisma } from "@/lib/db/client";
import { keySome } from "./gone-store";
import { listWorkspaces } from "./settings-store";

/** At every start: keys the hashes of gone sessions that an earlier version has stored as they were. */
export async function keyGone(): Promise<void> {
  for (const workspace of await listWorkspaces())
    while ((await prisma.$transaction((tx) => keySome(tx, workspace))) > 0);
}
