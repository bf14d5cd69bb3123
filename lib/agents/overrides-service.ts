import { ownConfiguration } from "./configurations";
import type { At } from "./figures-service";
import { readConfigs, readHeld, readMixed, readReleases } from "./store";

type OfVersion = { agent: string; version: string };

/** How many sessions that started in a range ran with overrides, by agent. */
export async function readOverridden(
  workspace: string,
  span: { from: string; to: string },
  { db }: At,
): Promise<Map<string, number>> {
  const mixed = await readMixed(db, workspace, span);
  const agents = [...new Set(mixed.map(({ agent }) => agent))];
  const [configs, held, releases] = await Promise.all([
    readConfigs(db, workspace, mixed),
    readHeld(db, workspace, agents),
    readReleases(db, workspace, agents),
  ]);
  const counts = new Map<string, number>();
  for (const runs of byVersion(mixed)) {
    const [first] = runs;
    if (!first) continue;
    const { agent, version } = first;
    const isOf = (one: OfVersion) => one.agent === agent && one.version === version;
    const newest = held.get(agent);
    const ran = configs.filter(isOf).map(({ hash, config }) => ({
      ...{ hash, config },
      sessions: runs.find((run) => run.hash === hash)?.sessions ?? 0,
    }));
    const { hashes } = ownConfiguration(ran, {
      config: newest?.version === version ? newest.config : null,
      release: releases.find(isOf) ?? null,
    });
    const others = runs.filter(({ hash }) => !hashes.includes(hash));
    const sessions = others.reduce((sum, run) => sum + run.sessions, 0);
    counts.set(agent, (counts.get(agent) ?? 0) + sessions);
  }
  return counts;
}

function byVersion<T extends OfVersion>(runs: readonly T[]): T[][] {
  const versions = new Map<string, T[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.agent, run.version]);
    versions.set(key, [...(versions.get(key) ?? []), run]);
  }
  return [...versions.values()];
}
