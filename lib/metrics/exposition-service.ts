import { admit, bounded, type Known, MOST_VALUES, NONE, OTHER } from "./bounded";
import { EXPORTED, EXPORTED_AGES } from "./exported";
import { raiseMarks, readMarks } from "./exported-store";
import { type Format, type MetricFamily, render } from "./exposition";
import { aboveMarks, familiesOf, knownFrom, raised } from "./families";
import { readAgentNames } from "./names-store";
import { processFamilies } from "./process-service";
import { MetricsQuery } from "./query-schema";
import { readMetrics, readTotals } from "./query-service";
import { readKnown } from "./query-store";

/** Several scrapers, or one that is impatient, cost no more than one. */
const FRESH_MS = 5_000;

type Computed = { sinceMs: number; families: Promise<MetricFamily[]> };
const computed = new Map<string, Computed>();

/**
 * The workspace's metrics and this process's own, as Prometheus reads them. What is at most five seconds
 * old is told again. What grows is never told as less than any process has told it before. `more` is
 * what other rooms tell, as it is now.
 */
export async function readExposition(
  workspace: string,
  format: Format,
  { now = new Date(), more = [] as MetricFamily[] } = {},
): Promise<string> {
  const families = await familiesAt(workspace, now);
  const marks = await readMarks(workspace);
  return render([...raised(families, marks), ...more, ...processFamilies(now)], format);
}

async function familiesAt(workspace: string, now: Date): Promise<MetricFamily[]> {
  const known = computed.get(workspace);
  if (known && now.getTime() - known.sinceMs < FRESH_MS) return known.families;
  const families = compute(workspace, now);
  computed.set(workspace, { sinceMs: now.getTime(), families });
  families.catch(() => computed.delete(workspace));
  return families;
}

/** One question after the other: the pool is there for people, too. */
async function compute(workspace: string, now: Date): Promise<MetricFamily[]> {
  const marks = await readMarks(workspace);
  const known = knownFrom(marks);
  const told = [];
  for (const exported of EXPORTED) {
    const totals = await readTotals(workspace, exported);
    admit(known, totals);
    told.push({ exported, totals: bounded(totals, known) });
  }
  const families = [
    ...familiesOf(told),
    ...(await readAges(workspace, now)),
    await readOutdated(workspace),
    await readAgents(workspace, known),
  ];
  await raiseMarks(workspace, aboveMarks(families, marks));
  return families;
}

/** Beside ids nobody knows by heart, also for what has no name: queries join it. */
async function readAgents(workspace: string, known: Known): Promise<MetricFamily> {
  const agents = [...(known.get("agent") ?? [])];
  const names = await readAgentNames(workspace, agents);
  const told = new Set([...agents.map((agent) => agent || NONE), NONE, OTHER]);
  return {
    name: "watchkeeper_agent_info",
    type: "gauge",
    help: "What each agent is called, always 1.",
    samples: [...told].map((agent) => ({
      labels: { agent, agent_name: names.get(agent) ?? agent },
      value: 1,
    })),
  };
}

/** Rules can hold while figures are partial. */
async function readOutdated(workspace: string): Promise<MetricFamily> {
  const { outdated } = await readKnown(workspace);
  return {
    name: "watchkeeper_outdated_sessions",
    type: "gauge",
    help: "Sessions still to be derived anew after an update; figures are partial meanwhile.",
    samples: [{ labels: {}, value: outdated }],
  };
}

async function readAges(workspace: string, now: Date): Promise<MetricFamily[]> {
  const families: MetricFamily[] = [];
  for (const { name, group, help } of EXPORTED_AGES) {
    const query = MetricsQuery.parse({
      ...{ metric: name, group_by: group, step: "all", limit: MOST_VALUES },
      from: new Date(now.getTime() - 60_000).toISOString(),
    });
    const { results } = await readMetrics(workspace, query, { now });
    const samples = (results[0]?.series ?? []).flatMap(({ labels, total }) =>
      total === null ? [] : [{ labels: { [group]: labels[group] || NONE }, value: total }],
    );
    families.push({ name: `watchkeeper_${name}`, type: "gauge", help, samples });
  }
  return families;
}
