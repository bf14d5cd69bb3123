import { readGlassPeople } from "@/lib/auth/break-glass-store";
import { allows, ROLE_WORDS } from "@/lib/auth/roles";
import type { Caller } from "@/lib/auth/schema";
import { toldApart } from "@/lib/metrics/distinct";
import { readAgentNames } from "@/lib/metrics/names-store";
import type { Labels } from "./schema";

/** Who reads; people are named to those alone who may read the audit log. */
export type Reader = Pick<Caller, "workspace" | "scopes">;

/**
 * What the agents among these labels are called, by their ids; those of one name are told apart. Of a
 * break-glass, whose it is, else whose it can be.
 */
export async function readNames(
  { workspace, scopes }: Reader,
  sets: readonly Labels[],
): Promise<Map<string, string>> {
  const valuesOf = (label: string) => [...new Set(sets.flatMap((set) => set[label] ?? []))];
  const [agents, glasses] = [valuesOf("agent"), valuesOf("break_glass")];
  const names = agents.length === 0 ? [] : toldApart(await readAgentNames(workspace, agents));
  if (glasses.length === 0) return new Map(names);
  const role = glasses.map((id): [string, string] => [id, ROLE_WORDS.cost.name]);
  const people = allows(scopes, "admin") ? await readGlassPeople(workspace, glasses) : [];
  return new Map([...names, ...role, ...people]);
}

/** Words for the ids among one set of labels. */
export const namesIn = (names: ReadonlyMap<string, string>, labels: Labels): Labels =>
  Object.fromEntries(
    Object.values(labels).flatMap((value) => {
      const name = names.get(value);
      return name === undefined ? [] : [[value, name]];
    }),
  );
