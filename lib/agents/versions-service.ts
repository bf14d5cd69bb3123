import { effortOf, modelOf, type Own, ownConfiguration } from "./configurations";
import { NO_FIGURES } from "./figures";
import { type At, readFigures } from "./figures-service";
import type { AgentFigures, VersionItem } from "./schema";
import {
  type HeldFacts,
  type RanFacts,
  type ReleaseFacts,
  readConfigs,
  readHeld,
  readRan,
  readReleases,
} from "./store";

type Span = { from: string; to: string };

/** A version with what it is set up with and with which sessions it ran. */
export type Version = {
  version: string;
  own: Own;
  release: ReleaseFacts | null;
  first: string | null;
  last: string | null;
  /** Started in the range: its own, and those with overrides. */
  sessions: number;
  overridden: number;
};

export type Versions = {
  held: HeldFacts | null;
  /** The newest first. */
  all: Version[];
};

/** Every version of an agent that ran or was listed. */
export async function readVersions(
  workspace: string,
  agent: string,
  span: Span,
  { db }: At,
): Promise<Versions> {
  const [ran, held, releases] = await Promise.all([
    readRan(db, workspace, agent, span),
    readHeld(db, workspace, [agent]),
    readReleases(db, workspace, [agent]),
  ]);
  const hashes = ran.flatMap(({ version, hash, ever }) =>
    hash === null ? [] : [{ agent, version, hash, sessions: ever }],
  );
  const configs = await readConfigs(db, workspace, hashes);
  const newest = held.get(agent) ?? null;
  const names = [
    ...new Set([
      ...ran.map(({ version }) => version),
      ...releases.map(({ version }) => version),
      ...(newest?.version == null ? [] : [newest.version]),
    ]),
  ].sort(newestFirst);
  const all = names.map((version) => {
    const runs = ran.filter((one) => one.version === version);
    const release = releases.find((one) => one.version === version) ?? null;
    const own = ownConfiguration(
      configs
        .filter((one) => one.version === version)
        .map(({ hash, config }) => ({ hash, config, sessions: everOf(runs, hash) })),
      { config: newest?.version === version ? newest.config : null, release },
    );
    return { version, own, release, ...countsOf(runs, own) };
  });
  return { held: newest, all };
}

const everOf = (runs: readonly RanFacts[], hash: string) =>
  runs.find((one) => one.hash === hash)?.ever ?? 0;

function countsOf(runs: readonly RanFacts[], own: Own) {
  const isOwn = ({ hash }: RanFacts) =>
    hash === null || own.hashes.includes(hash) || own.hashes.length === 0;
  const sum = (some: readonly RanFacts[]) => some.reduce((all, { sessions }) => all + sessions, 0);
  const firsts = runs.flatMap(({ first }) => first ?? []).sort();
  const lasts = runs.flatMap(({ last }) => last ?? []).sort();
  return {
    first: firsts[0] ?? null,
    last: lasts.at(-1) ?? null,
    sessions: sum(runs.filter(isOwn)),
    overridden: sum(runs.filter((run) => !isOwn(run))),
  };
}

/** Numbers by their size, and before them all texts, as older versions were. */
export function newestFirst(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => (/^\d{1,15}$/.test(text) ? Number(text) : -1));
  if (x !== y) return (y ?? 0) - (x ?? 0);
  return a < b ? 1 : a > b ? -1 : 0;
}

/** Whether sessions of the version ever ran with overrides: they may settle long after they started. */
const isMixed = ({ own, overridden }: Version) => own.overrides.length > 0 || overridden > 0;

/** Configurations of a version's own sessions, that which is not known included; null: of all. */
export const ownConfigs = (version: Version): string[] | null =>
  isMixed(version) ? ["", ...version.own.hashes] : null;

/** A filter of a version's own sessions. */
export function ownFilter(agent: string, version: Version) {
  const config = ownConfigs(version);
  const filter = { agent: [agent], agent_version: [version.version] };
  return config ? { ...filter, config } : filter;
}

/** The figures of each version, without its sessions with overrides. */
export async function readVersionFigures(
  workspace: string,
  agent: string,
  { versions, span }: { versions: readonly Version[]; span: Span },
  at: At,
): Promise<{ figures: Map<string, AgentFigures>; completeUntil: string }> {
  const mixed = versions.filter(isMixed);
  const [all, ...own] = await Promise.all([
    readFigures(workspace, { ...span, group: "agent_version", filter: { agent: [agent] } }, at),
    ...mixed.map((version) =>
      readFigures(workspace, { ...span, filter: ownFilter(agent, version) }, at),
    ),
  ]);
  const figures = new Map(all.figures);
  mixed.forEach(({ version }, index) => {
    figures.set(version, own[index]?.figures.get("") ?? NO_FIGURES);
  });
  return { figures, completeUntil: all.completeUntil };
}

/** Overrides that a link can name. */
const MOST_NAMED = 20;

export function versionItem(version: Version, figures: AgentFigures | undefined): VersionItem {
  const { own, release } = version;
  return {
    ...(figures ?? NO_FIGURES),
    version: version.version,
    model: own.config ? modelOf(own.config) : (release?.model ?? null),
    effort: own.config && effortOf(own.config),
    published_at: release?.published ?? null,
    first_used_at: version.first,
    last_used_at: version.last,
    overridden: version.overridden,
    own_by: own.by,
    override_configs: own.overrides.slice(0, MOST_NAMED),
  };
}
