import type { AgentFacts } from "./facts";

/** An agent's first session begins so soon after it was made, in ms, when it was made for it. */
const MADE_FOR_MS = 3_600_000;
/** So many alike are a habit. */
export const LEAST_ALIKE = 3;

/** The criterion in words, for those who read the result. */
export const ORPHAN_WORDS = `Made for one run: an agent with a single version and a single session, which began within an hour of the agent's making, where at least ${LEAST_ALIKE} such agents have the same name but for numbers.`;

export function isMadeForOneRun(agent: AgentFacts): boolean {
  if (agent.createdAt === null || agent.firstUsedAt === null) return false;
  if (agent.sessionsEver !== 1 || agent.versionsTotal > 1) return false;
  const after = Date.parse(agent.firstUsedAt) - Date.parse(agent.createdAt);
  return after >= 0 && after <= MADE_FOR_MS;
}

/** A name without what tells one run from another: "report 2026-11-20 #4f3a9c" → "report #-#-# #". */
export function patternOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[0-9a-f]*\d[0-9a-f]*/g, "#")
    .trim();
}

export type AgentGroup = { agent: AgentFacts; ids: string[]; madeForRuns: number };

const alone = (agent: AgentFacts): AgentGroup => ({ agent, ids: [agent.id], madeForRuns: 0 });

/** Agents made for one run each stand as one row, named by the newest of them; all others for themselves. */
export function groupAgents(agents: readonly AgentFacts[]): AgentGroup[] {
  const alike = new Map<string, AgentFacts[]>();
  const groups: AgentGroup[] = [];
  for (const agent of agents) {
    if (!isMadeForOneRun(agent)) {
      groups.push(alone(agent));
      continue;
    }
    const key = JSON.stringify([agent.connectionId, patternOf(agent.name ?? "")]);
    alike.set(key, [...(alike.get(key) ?? []), agent]);
  }
  for (const members of alike.values()) {
    if (members.length < LEAST_ALIKE) groups.push(...members.map(alone));
    else groups.push(groupOf(members));
  }
  return groups;
}

function groupOf(members: readonly AgentFacts[]): AgentGroup {
  const newestFirst = [...members].sort((a, b) =>
    (a.createdAt ?? "") < (b.createdAt ?? "") ? 1 : -1,
  );
  const ids = newestFirst.map(({ id }) => id);
  return { agent: merged(members), ids, madeForRuns: members.length };
}

function merged(members: readonly AgentFacts[]): AgentFacts {
  const sum = (of: (agent: AgentFacts) => number) =>
    members.reduce((total, agent) => total + of(agent), 0);
  const earliest = (a: string | null, b: string | null) =>
    a !== null && b !== null && a < b ? a : (b ?? a);
  const latest = (a: string | null, b: string | null) => ((a ?? "") > (b ?? "") ? a : b);
  const newest = members.reduce((a, b) => ((a.createdAt ?? "") >= (b.createdAt ?? "") ? a : b));
  return {
    ...newest,
    sessions: sum(({ sessions }) => sessions),
    failed: sum(({ failed }) => failed),
    settled: sum(({ settled }) => settled),
    costNanos: sum(({ costNanos }) => costNanos),
    unpricedTokens: sum(({ unpricedTokens }) => unpricedTokens),
    sessionsEver: sum(({ sessionsEver }) => sessionsEver),
    firstUsedAt: members.map(({ firstUsedAt }) => firstUsedAt).reduce(earliest),
    lastUsedAt: members.map(({ lastUsedAt }) => lastUsedAt).reduce(latest),
    models: [...new Set(members.flatMap(({ models }) => models))],
  };
}
