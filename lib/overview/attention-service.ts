import type { Db } from "@/lib/db/client";
import { readAgentNames } from "@/lib/metrics/names-store";
import { versionOf } from "@/lib/sessions/row-store";
import type { Span } from "@/lib/time/range";
import { dearOf, failingOf, rebuildingOf, unpricedOf, weeksBefore } from "./attention";
import { readConnections, readRejections, readSilent, readWaiting } from "./attention-store";
import type { AttentionItem } from "./schema";
import type { Ask } from "./service";

type Asked = { ask: Ask; span: Span; firstMs: number | null; now: Date; db: Db };

const MOST_GROUPS = 200;
const NORMAL_MS = 30 * 86_400_000;
const ORDER: AttentionItem["kind"][] = [
  ...(["rebuilding", "stopped", "failing", "dear", "waiting"] as const),
  ...(["silent", "unpriced", "behind", "rejected"] as const),
];

/** What needs somebody, what is worst first. */
export async function readAttention(workspace: string, asked: Asked): Promise<AttentionItem[]> {
  const { ask, span, now, db } = asked;
  const parts = await Promise.all([
    readFailing(workspace, asked),
    readDear(workspace, asked),
    readWaiting(workspace, db),
    readSilent(workspace, now, db),
    ask(["unpriced_tokens"], span, { group_by: ["model"], limit: MOST_GROUPS }).then((results) => [
      ...unpricedOf(results),
      ...rebuildingOf(results),
    ]),
    readConnections(workspace, db),
    readRejections(workspace, span, db),
  ]);
  const rank = (item: AttentionItem) => ORDER.indexOf(item.kind);
  return parts.flat().sort((a, b) => rank(a) - rank(b));
}

async function readFailing(workspace: string, { ask, span, db }: Asked): Promise<AttentionItem[]> {
  const by = { group_by: ["agent" as const, "agent_version" as const], limit: MOST_GROUPS };
  const [now, costs] = await ask(["failure_rate", "cost_of_failures"], span, by);
  if (!now?.series.some(({ total }) => (total ?? 0) > 0)) return [];
  const normal = { fromMs: span.fromMs - NORMAL_MS, toMs: span.fromMs };
  const [before] = await ask(["failure_rate"], normal, { group_by: ["agent"], limit: MOST_GROUPS });
  const found = failingOf({ now, costs, before });
  const ids = found.map(({ agent }) => agent);
  const names = ids.length > 0 ? await readAgentNames(workspace, ids, db) : new Map();
  return found.map(({ agent, version, ...figures }) => ({
    kind: "failing",
    agent: {
      id: agent || null,
      name: names.get(agent) ?? null,
      version: versionOf(version || null),
    },
    ...figures,
    from: new Date(span.fromMs).toISOString(),
    to: new Date(span.toMs).toISOString(),
  }));
}

async function readDear(
  workspace: string,
  { ask, span, firstMs, db }: Asked,
): Promise<AttentionItem[]> {
  const weeks = weeksBefore(span, firstMs);
  if (weeks.length === 0) return [];
  const by = { group_by: ["agent" as const], limit: MOST_GROUPS };
  const [now, ...before] = await Promise.all(
    [span, ...weeks].map(async (over) => (await ask(["cost"], over, by))[0]),
  );
  const dear = dearOf(now, before);
  if (!dear) return [];
  const { worst, ...figures } = dear;
  if (!worst) return [{ kind: "dear", ...figures, agent: null }];
  const names = await readAgentNames(workspace, [worst.agent], db);
  const { agent: id, excess_nanos } = worst;
  const agent = { id: id || null, name: names.get(id) ?? null, excess_nanos };
  return [{ kind: "dear", ...figures, agent }];
}
