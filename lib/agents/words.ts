import { formatChange, formatPlural, formatPoints } from "@/lib/format";
import type { Estimate } from "./intervals";
import type { ComparedFigure, Comparison, Needed } from "./schema";
import { LEAST_COSTS } from "./verdict";

/** What a figure is called within a sentence. */
export const FIGURE_WORDS: Record<ComparedFigure["id"], string> = {
  failure_rate: "failure rate",
  cost_per_completed_session: "cost per completed session",
  cost_per_session: "cost per session",
  turn_duration_p95: "turn p95",
};

export const versionWords = (version: string) =>
  version === "" ? "sessions without a version" : `v${version}`;

/** A difference with its sign: "+4.2 points" of a rate, "+38 %" of anything else. */
export function differenceWords(id: ComparedFigure["id"], value: number): string {
  const text = signed(id, value);
  if (id !== "failure_rate") return text;
  return `${text} ${/^.1$/.test(text) ? "point" : "points"}`;
}

/** Between which differences the true one lies: "+13.3 to +52.6 points". */
export const differenceRange = (
  id: ComparedFigure["id"],
  { low, high }: Pick<Estimate, "low" | "high">,
) => `${signed(id, low)} to ${differenceWords(id, high)}`;

function signed(id: ComparedFigure["id"], value: number): string {
  if (id === "failure_rate") return formatPoints(value, 0)?.replace(" pt", "") ?? "±0";
  return formatChange(1 + value, 1) ?? "±0 %";
}

const MORE: Record<ComparedFigure["id"], [less: string, more: string]> = {
  failure_rate: ["fails less often", "fails more often"],
  cost_per_completed_session: [
    "costs less per completed session",
    "costs more per completed session",
  ],
  cost_per_session: ["costs less per session", "costs more per session"],
  turn_duration_p95: ["has faster slow turns", "has slower slow turns"],
};

function partWords({ id, difference, verdict }: ComparedFigure): string {
  const [less, more] = MORE[id];
  const by = difference ? ` (${differenceWords(id, difference.value)})` : "";
  return `${verdict === "better" ? less : more}${by}`;
}

export function neededWords({ sessions, of }: Needed, version: string): string {
  const more = formatPlural(sessions, "more settled session");
  return of === "both" ? `${more} of each version` : `${more} of ${versionWords(version)}`;
}

type Judged = Pick<Comparison, "base" | "version" | "figures" | "verdict" | "needed">;

/** The verdict as one or two sentences, with the figures it rests on. */
export function verdictWords({ base, version, figures, verdict, needed }: Judged): string {
  const [from, to] = [base.version, version.version].map(versionWords);
  const parts = figures
    .filter(({ id }) => id === "failure_rate" || id === "cost_per_completed_session")
    .filter((figure) => figure.verdict === "better" || figure.verdict === "worse")
    .map(partWords);
  switch (verdict) {
    case "better":
    case "worse":
      return `${to} is ${verdict} than ${from}: it ${parts.join(" and ")}.`;
    case "mixed":
      return `${to} is better in one thing and worse in another: it ${parts.join(", but ")} than ${from}.`;
    case "alike":
      return `${to} and ${from} do not differ by anything that matters: less than 3 points of the failure rate and 10 % of the cost.`;
    case "not_enough":
      return `Not enough data yet to tell ${to} from ${from}. ${missingWords({ base, version, figures, needed })}`;
  }
}

function missingWords({ base, version, figures, needed }: Omit<Judged, "verdict">): string {
  const rate = figures.find(({ id }) => id === "failure_rate");
  const empty = [
    ...(rate?.base.size === 0 ? [versionWords(base.version)] : []),
    ...(rate?.version.size === 0 ? [versionWords(version.version)] : []),
  ];
  if (empty.length > 0)
    return `No session of ${empty.join(" or ")} has completed or failed in this range.`;
  if (needed)
    return `At the present difference about ${neededWords(needed, version.version)} would decide.`;
  const costs = figures.find(({ id }) => id === "cost_per_completed_session");
  const few = [costs?.base.size ?? 0, costs?.version.size ?? 0].filter(
    (size) => size < LEAST_COSTS,
  );
  if (costs?.verdict === "unknown" && few.length > 0)
    return `Costs are compared from ${LEAST_COSTS} settled sessions of each version on; the smaller sample has ${Math.min(...few)}.`;
  return "The two are so close that no number of sessions in sight would decide.";
}
