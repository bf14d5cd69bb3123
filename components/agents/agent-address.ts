import { rangeKeyOf, rangeParams } from "@/components/fleet/address";
import { type Asked, asker, spanOf } from "@/components/metrics/asked";
import type { AgentDetail, VersionItem } from "@/lib/agents/schema";
import type { Questions } from "@/lib/metrics/queries";
import { stepOf } from "@/lib/metrics/step";

/** Versions that have their course drawn. */
export const MOST_DRAWN = 5;

/** What the page of one agent asks metrics: its course, and that of its busiest versions. */
export const agentQuestions =
  (agent: string) =>
  (asked: Asked, nowMs: number, firstMs: number): Questions => {
    const span = spanOf(asked, nowMs, firstMs);
    const ask = asker({ ...asked, params: new URLSearchParams({ agent }) }, span);
    const { step } = stepOf(span, nowMs);
    const byVersion = { step, group_by: "agent_version", limit: `${MOST_DRAWN}` };
    return {
      figures: ask(["failure_rate", "sessions_started", "cost"], { step }),
      turn: ask(["turn_duration"], { step, agg: "p95" }),
      costs: ask(["cost_per_completed_session"], byVersion),
      turns: ask(["turn_duration"], { ...byVersion, agg: "p95" }),
    };
  };

export const agentKey = (agent: string, { scope, tz }: Pick<Asked, "scope" | "tz">) =>
  JSON.stringify(["agent", agent, scope.range, tz]);

/** Which two versions the URL compares; without a choice the newest that ran, and the one before it. */
export function comparedIn(
  params: URLSearchParams,
  { versions }: Pick<AgentDetail, "versions">,
): { base: string; version: string } | null {
  const ran = versions.filter(({ sessions }) => sessions > 0);
  const usual = ran.length >= 2 ? ran : versions;
  const named = (name: string) => versions.find(({ version }) => version === params.get(name));
  const version = named("version") ?? usual.find((one) => one !== named("base"));
  if (!version) return null;
  const before = usual.slice(usual.indexOf(version) + 1);
  const choices = [named("base"), ...before, ...usual].filter((one) => one && one !== version);
  return choices[0] ? { base: choices[0].version, version: version.version } : null;
}

export const compareKeyOf = (
  params: URLSearchParams,
  pair: { base: string; version: string },
): string => JSON.stringify([rangeKeyOf(params), pair.base, pair.version]);

export function compareParamsOf(
  params: URLSearchParams,
  pair: { base: string; version: string },
  nowMs: number,
): URLSearchParams {
  const asked = rangeParams(params, nowMs);
  asked.set("base", pair.base);
  asked.set("version", pair.version);
  return asked;
}

/** Links to the sessions of one version, and to those of it with overrides. */
export const versionFilter = (agent: string, version: string) => ({
  agent,
  ...(version === "" ? {} : { agent_version: version }),
});
export const overrideFilter = (agent: string, { override_configs }: VersionItem) => ({
  agent,
  config: override_configs,
  by: "started",
});
