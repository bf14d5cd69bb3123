import { type Json, promptOf, signatureOf } from "./config-parts";

/** A configuration that sessions of one version ran with, and in how many sessions of all time. */
export type Ran = { hash: string; sessions: number; config: Json };

/** What else is known of how a version was published. */
export type Published = {
  /** The whole of it, of the newest version alone. */
  config: Json | null;
  release: { model: string | null; systemChars: number } | null;
};

export type Own = {
  /** What the version is set up with; null where nobody has told. */
  config: Json | null;
  /** Of its own sessions; what differs only in whom a coordinator's roster named is the same. */
  hashes: string[];
  /** Of sessions with overrides. */
  overrides: string[];
  by: "published" | "most_used" | null;
};

/**
 * Which of the configurations is the version's own: overrides keep its id and version, so that only
 * what it was published as tells, or else what most of its sessions ran.
 */
export function ownConfiguration(ran: readonly Ran[], published: Published): Own {
  const groups = [...groupsOf(ran).values()];
  const most = groups.sort((a, b) => b.sessions - a.sessions)[0];
  if (!most) return { config: published.config, hashes: [], overrides: [], by: null };
  const told = groups.find(({ config }) => isPublished(config, published));
  const own = told ?? most;
  const others = groups.filter((group) => group !== own);
  return {
    config: own.config,
    hashes: own.hashes,
    overrides: others.flatMap(({ hashes }) => hashes),
    by: others.length === 0 ? null : told ? "published" : "most_used",
  };
}

type Group = { hashes: string[]; sessions: number; config: Json };

function groupsOf(ran: readonly Ran[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const { hash, sessions, config } of ran) {
    const key = signatureOf(config);
    const known = groups.get(key);
    groups.set(key, {
      hashes: [...(known?.hashes ?? []), hash],
      sessions: (known?.sessions ?? 0) + sessions,
      config: known?.config ?? config,
    });
  }
  return groups;
}

function isPublished(config: Json, { config: whole, release }: Published): boolean {
  if (whole) return signatureOf(config) === signatureOf(whole);
  if (!release) return false;
  return modelOf(config) === release.model && promptOf(config).length === release.systemChars;
}

/** The id of a configuration's model; older ones name it by a text. */
export function modelOf({ model }: Json): string | null {
  const id = typeof model === "object" && model !== null ? (model as Json).id : model;
  return typeof id === "string" && id !== "" ? id : null;
}

/** How hard its model thinks, where the configuration says. */
export function effortOf({ model }: Json): string | null {
  const effort = typeof model === "object" && model !== null ? (model as Json).effort : null;
  const type = typeof effort === "object" && effort !== null ? (effort as Json).type : effort;
  return typeof type === "string" && type !== "" ? type : null;
}
