import { fingerprintOf } from "./fingerprint";
import type { ObservationOf } from "./observation";
import type { Labels, Status } from "./schema";

/** A rule that is part of another, with its alerts as they stand. */
export type Part = {
  groupBy: readonly string[];
  alerts: readonly { labels: Labels; status: Status }[];
};

type Alerts = readonly { labels: Labels; status: Status; fingerprint: string }[];

/** A rule of sessions or of a budget has its own labels, which only its alerts tell. */
export function partOf(groupBy: readonly string[] | null, alerts: Alerts): Part {
  const [first] = [...alerts].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  return { groupBy: groupBy ?? Object.keys(first?.labels ?? {}), alerts };
}

/** Worst last: of several alerts that are one label set of the composite, this one counts. */
const ORDER: readonly Status[] = ["inactive", "no_data", "pending", "recovering", "firing"];

/**
 * Every label set that a composite has, with how its parts stand there: they are compared by the names all of them
 * are grouped by. Without such a name there is one label set.
 */
export function commonSets(
  parts: Readonly<Record<string, Part>>,
): { labels: Labels; fingerprint: string; observation: ObservationOf<"composite"> }[] {
  const [first, ...others] = Object.values(parts);
  const names = (first?.groupBy ?? []).filter((name) =>
    others.every(({ groupBy }) => groupBy.includes(name)),
  );
  const sets = new Map<string, { labels: Labels; standing: Record<string, Status> }>();
  const setOf = (of: Labels) => {
    const labels = Object.fromEntries(names.map((name) => [name, of[name] ?? ""]));
    const fingerprint = fingerprintOf(labels);
    const known = sets.get(fingerprint) ?? { labels, standing: {} };
    sets.set(fingerprint, known);
    return known.standing;
  };
  if (names.length === 0) setOf({});
  for (const [name, { alerts }] of Object.entries(parts))
    for (const { labels, status } of alerts) {
      const standing = setOf(labels);
      const before = standing[name] ?? "inactive";
      standing[name] = ORDER.indexOf(status) > ORDER.indexOf(before) ? status : before;
    }
  return [...sets].map(([fingerprint, { labels, standing }]) => ({
    ...{ labels, fingerprint },
    observation: { kind: "composite", parts: standing },
  }));
}
