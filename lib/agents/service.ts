import { type Db, prisma } from "@/lib/db/client";
import { readAgentRows } from "@/lib/fleet/service";
import { AppError, invalidField } from "@/lib/http/errors";
import { readAgentNames } from "@/lib/metrics/names-store";
import { catalogueRows } from "./catalogue";
import { compareVersions } from "./compare-service";
import { modelOf } from "./configurations";
import { NO_FIGURES } from "./figures";
import { readFigures, readUsed } from "./figures-service";
import { pageOf } from "./order";
import { readOverridden } from "./overrides-service";
import type {
  AgentDetail,
  AgentsPage,
  AgentsQuery,
  CompareQuery,
  Comparison,
  Markers,
  MarkersQuery,
} from "./schema";
import { readCandidates, readFirsts } from "./store";
import { readVersionFigures, readVersions, type Version, versionItem } from "./versions-service";

type Asked = { now?: Date; db?: Db };
type Range = { from?: string | undefined; to?: string | undefined };
const DAY_MS = 86_400_000;
/** So many versions are told with their figures. */
const MOST_VERSIONS = 50;

/** Every agent with what its sessions came to; those made for one run each stand as one row. */
export async function readCatalogue(
  workspace: string,
  query: AgentsQuery,
  { now = new Date(), db = prisma }: Asked = {},
): Promise<AgentsPage> {
  const rows = await readAgentRows(workspace, query, { now, db });
  const firsts = rows.map(({ firstUsedAt }) => firstUsedAt);
  const span = spanOf(query, firsts, now);
  const [{ figures }, overridden] = await Promise.all([
    readFigures(workspace, { ...span, group: "agent" }, { now, db }),
    readOverridden(workspace, span, { now, db }),
  ]);
  return pageOf(catalogueRows(rows, figures, overridden), query);
}

/** An agent, its versions and what each came to. Throws `not_found` for one that nobody knows. */
export async function readAgent(
  workspace: string,
  agent: string,
  range: Range,
  asked: Asked = {},
): Promise<AgentDetail> {
  const detail = await findAgent(workspace, agent, range, asked);
  if (!detail) throw new AppError("not_found", `There is no agent ${agent}.`);
  return detail;
}

/** The same; null for one that nobody knows. */
export async function findAgent(
  workspace: string,
  agent: string,
  range: Range,
  { now = new Date(), db = prisma }: Asked = {},
): Promise<AgentDetail | null> {
  const at = { now, db };
  const open = { from: range.from ?? EARLIEST, to: range.to ?? now.toISOString() };
  const { held, all } = await readVersions(workspace, agent, open, at);
  if (!held && all.length === 0) return null;
  const firsts = all.map(({ first }) => first);
  const span = spanOf(range, firsts, now);
  const told = all.slice(0, MOST_VERSIONS);
  const [whole, { figures, completeUntil }, candidates, names] = await Promise.all([
    readFigures(workspace, { ...span, filter: { agent: [agent] } }, at),
    readVersionFigures(workspace, agent, { versions: told, span }, at),
    readCandidates(db, workspace, agent, span),
    readAgentNames(workspace, [agent], db),
  ]);
  return {
    ...(whole.figures.get("") ?? NO_FIGURES),
    ...headOf(agent, held, all, names.get(agent) ?? null),
    ...span,
    complete_until: completeUntil,
    versions: told.map((version) => versionItem(version, figures.get(version.version))),
    versions_total: all.length,
    candidates,
  };
}

function headOf(
  id: string,
  held: Awaited<ReturnType<typeof readVersions>>["held"],
  all: readonly Version[],
  name: string | null,
) {
  const config = held?.config ?? all[0]?.own.config ?? null;
  const said = config?.description;
  const firsts = all.flatMap(({ first }) => first ?? []).sort();
  const lasts = all.flatMap(({ last }) => last ?? []).sort();
  return {
    id,
    name: held?.name ?? name,
    description: typeof said === "string" && said !== "" ? said : null,
    model: config && modelOf(config),
    version: all[0]?.version ?? null,
    first_used_at: firsts[0] ?? null,
    last_used_at: lasts.at(-1) ?? null,
    archived_at: held?.archived ?? null,
  };
}

/** Two versions of an agent side by side. */
export async function readComparison(
  workspace: string,
  agent: string,
  query: CompareQuery,
  { now = new Date(), db = prisma }: Asked = {},
): Promise<Comparison> {
  const open = { from: query.from ?? EARLIEST, to: query.to ?? now.toISOString() };
  const { all } = await readVersions(workspace, agent, open, { now, db });
  if (all.length === 0) throw new AppError("not_found", `There is no agent ${agent}.`);
  const firsts = all.map(({ first }) => first);
  const span = spanOf(query, firsts, now);
  return compareVersions(workspace, agent, { query, span }, { now, db });
}

/** When versions were first used, for charts. */
export async function readMarkers(
  workspace: string,
  { from, to, agent }: MarkersQuery,
  { now = new Date(), db = prisma }: Asked = {},
): Promise<Markers> {
  const span = spanOf({ from, to }, [], now);
  const used = await readUsed(workspace, { ...span, ...(agent ? { agent } : {}) }, { now, db });
  const found = await readFirsts(db, workspace, span, used);
  const agents = [...new Set(found.map((marker) => marker.agent))];
  const names = await readAgentNames(workspace, agents, db);
  const data = found
    .map(({ agent, version, at }) => ({ agent, version, at, name: names.get(agent) ?? null }))
    .reverse();
  return { data, total: found[0]?.total ?? 0 };
}

/** Before any session. */
const EARLIEST = "1900-01-01T00:00:00Z";

/** A range without a beginning begins with the first session, or a day ago without one. */
function spanOf({ from, to }: Range, firsts: readonly (string | null)[], now: Date) {
  const end = to ?? now.toISOString();
  const [first] = firsts.filter((one) => one !== null).sort();
  const endMs = Date.parse(end);
  const begun = first !== undefined && Date.parse(first) < endMs ? first : null;
  const start = from ?? begun ?? new Date(endMs - DAY_MS).toISOString();
  if (Date.parse(start) >= endMs) throw invalidField("from", "it must be before `to`");
  return { from: start, to: end };
}
