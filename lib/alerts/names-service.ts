import { toldApart } from "@/lib/metrics/distinct";
import { readAgentNames } from "@/lib/metrics/names-store";
import type { Labels } from "./schema";

/** What the agents among these labels are called, by their ids; those of one name are told apart. */
export async function readNames(
  workspace: string,
  sets: readonly Labels[],
): Promise<Map<string, string>> {
  const agents = [...new Set(sets.flatMap(({ agent }) => agent ?? []))];
  return agents.length === 0 ? new Map() : toldApart(await readAgentNames(workspace, agents));
}

/** Words for the ids among one set of labels. */
export const namesIn = (names: ReadonlyMap<string, string>, labels: Labels): Labels =>
  Object.fromEntries(
    Object.values(labels).flatMap((value) => {
      const name = names.get(value);
      return name === undefined ? [] : [[value, name]];
    }),
  );
