import type { AgentItem as FleetAgent } from "@/lib/fleet/schema";
import { addedUp } from "./figures";
import type { AgentFigures, AgentItem } from "./schema";

/** An agent as the fleet holds it, and the ids of all that its row stands for. */
type Held = { item: FleetAgent; ids: readonly string[] };

/** One row for each agent, also where several connections have it: metrics know it by its id. */
export function catalogueRows(
  held: readonly Held[],
  figures: ReadonlyMap<string, AgentFigures>,
  overridden: ReadonlyMap<string, number>,
): AgentItem[] {
  const rows = new Map<string, AgentItem>();
  for (const { item, ids } of held) {
    const known = rows.get(item.id);
    if (known && (known.last_used_at ?? "") >= (item.last_used_at ?? "")) continue;
    rows.set(item.id, {
      ...addedUp(ids.flatMap((id) => figures.get(id) ?? [])),
      id: item.id,
      name: item.name,
      version: item.version,
      versions_total: item.versions_total,
      model: item.model,
      last_used_at: item.last_used_at,
      archived_at: item.archived_at,
      overridden: ids.reduce((sum, id) => sum + (overridden.get(id) ?? 0), 0),
      agent_ids: item.agent_ids,
      made_for_runs: item.made_for_runs,
      advice: item.advice,
    });
  }
  return [...rows.values()];
}
