import { SESSION_SORTS } from "@/lib/sessions/query-schema";

/** A question to the list: what it filters by, and whether it holds a common word. */
export type Case = { name: string; query: Record<string, string>; commonWord: boolean };

const FILTERS: Record<string, Record<string, string>> = {
  "no filter": {},
  running: { outcome: "running" },
  waiting: { outcome: "waiting" },
  completed: { outcome: "completed" },
  refused: { outcome: "refused" },
  failed: { failed: "true" },
  "not failed": { failed: "false" },
  "busy agent": { agent: "agent_0" },
  "cheap agent": { agent: "agent_1" },
  "rare agent": { agent: "agent_23" },
  "common version": { agent_version: "3" },
  "rare version": { agent_version: "14" },
  environment: { environment: "env_2" },
  deployment: { deployment: "depl_3" },
  "common model": { model: "claude-sonnet-5-5" },
  "cheap model": { model: "claude-haiku-5-5" },
  "common tool": { tool: "bash" },
  "rare tool": { tool: "deploy" },
  "common error": { error_type: "model_overloaded_error" },
  "rare error": { error_type: "mcp_connection_failed_error" },
  "common source": { source: "poll" },
  "rare source": { source: "sdk" },
  "absent source": { source: "otlp" },
  "common tenant": { "metadata.tenant": "tenant-0" },
  "rare tenant": { "metadata.tenant": "tenant-300" },
  "last day": { from: "-1" },
  "last week": { from: "-7" },
  "an old day": { from: "-25", to: "-24" },
  "started in two old days": { by: "started", from: "-20", to: "-18" },
  "settled on a day": { by: "settled", from: "-10", to: "-9" },
  "dear sessions": { min_cost_nanos: "2000000000" },
  "long sessions": { min_duration_ms: "1000000" },
  "rare word": { q: "quarantine" },
  "common word": { q: "invoice" },
  "word of all messages": { q: "please" },
  "beginning of a word": { q: "word12" },
  "beginning of an id": { q: "sesn_a1" },
  phrase: { q: '"security scan"' },
  "absent word": { q: "zzzz" },
  "failed of an agent, last week": { failed: "true", agent: "agent_2", from: "-7" },
  "version of an agent": { agent: "agent_1", agent_version: "5" },
  "tool and tenant": { tool: "web_search", "metadata.tenant": "tenant-7" },
  "model and error": { model: "claude-opus-5-5", error_type: "model_overloaded_error" },
  "environment, dear": { environment: "env_3", min_cost_nanos: "2000000000" },
  "common word, refused": { q: "invoice", outcome: "refused" },
  "common word of an agent": { q: "please", agent: "agent_5" },
  "common word, last day": { q: "invoice", from: "-1" },
};

const COMMON = new Set(["invoice", "please", '"security scan"']);

/** Every filter with every sort, both ways round. Days before `now` become instants. */
export function listCases(now: Date): Case[] {
  const cases: Case[] = [];
  for (const [name, filter] of Object.entries(FILTERS))
    for (const sort of SESSION_SORTS)
      for (const order of ["desc", "asc"])
        cases.push({
          name: `${name}, by ${sort} ${order}`,
          query: { ...instants(filter, now), sort, order },
          commonWord: COMMON.has(filter.q ?? ""),
        });
  return cases;
}

function instants(filter: Record<string, string>, now: Date): Record<string, string> {
  const at = (days: string) => new Date(now.getTime() + Number(days) * 86_400_000).toISOString();
  const { from, to, ...rest } = filter;
  return { ...rest, ...(from ? { from: at(from) } : {}), ...(to ? { to: at(to) } : {}) };
}
