import type { Db } from "@/lib/db/client";
import { bareAgent } from "@/lib/ingest/bare";
import { type Config, type ConfigName, isPublished } from "./config";
import { deleteConfigs, readConfigs, type Which, writeBareConfigs } from "./config-store";

const AT_ONCE = 200;

/**
 * Sessions with overrides bring a configuration of their own, prompt and all. It goes with the last
 * session that ran with it; what a version was published with stays.
 */
export async function deleteUnnamed(
  tx: Db,
  workspace: string,
  among?: readonly ConfigName[],
): Promise<void> {
  if (among?.length === 0) return;
  for await (const own of ownConfigs(tx, workspace, { are: "unnamed", ...(among && { among }) }))
    await deleteConfigs(tx, workspace, own);
}

/** The same for those that are still named, but by sessions only of which nothing is said any more. */
export async function bareUnsaid(tx: Db, workspace: string): Promise<void> {
  for await (const own of ownConfigs(tx, workspace, { are: "unsaid" }))
    await writeBareConfigs(
      tx,
      workspace,
      own.map((one) => ({ ...one, object: bareAgent(one.object) })),
    );
}

/** In parts, without those that are published. */
async function* ownConfigs(tx: Db, workspace: string, which: Which): AsyncGenerator<Config[]> {
  for (let after: ConfigName | null = null; ; ) {
    const found: Config[] = await readConfigs(tx, workspace, which, { after, limit: AT_ONCE });
    yield found.filter((one) => !isPublished(one));
    after = found.at(-1) ?? null;
    if (found.length < AT_ONCE) return;
  }
}
