import type { Shown } from "./scenario";
import type { Scenario } from "./scenario-schema";
import type { Status, Transition } from "./schema";

const LETTERS: Record<Status, string> = {
  inactive: "I",
  pending: "P",
  firing: "F",
  recovering: "R",
  no_data: "ND",
};
/** Other words for the same, Grafana's first of all. */
const ALIASES: Record<string, string> = { N: "I", "N*": "I", A: "F", low: "I" };
const BAD = "bad";

const FIGURES = /^(window total|window failed|rate %|outcome|event|severity)(?:\s+(.+))?$/;

/** What a row shows, and of which label set: `state a` is of the rows ending so, `state` of all. */
function partsOf(name: string): { shows: string; group: string } {
  const [, shows, group] = name.match(FIGURES) ?? [];
  if (shows !== undefined) return { shows, group: group ?? "" };
  return { shows: "state", group: name.match(/\s(\S+)$/)?.[1] ?? "" };
}

export function nameMatches(row: string, group: string, groups: number): boolean {
  return groups === 1 || partsOf(row).group === "" || partsOf(row).group === group;
}

/** An expected cell in the words that `shownAs` uses; null where it says nothing of a state. */
export function wantedAs(row: string, cell: string): string | null {
  const text = cell.trim();
  switch (partsOf(row).shows) {
    case "state":
      return text === "" ? null : (ALIASES[text] ?? text);
    case "rate %":
      return text === "-" ? "–" : text;
    case "outcome":
      return text === "breach" ? BAD : text;
    default:
      return text;
  }
}

/** What a row says of the label sets at one column: of several, the worst state and all that was told. */
export function shownAs(row: string, all: readonly Shown[], { anchor }: Scenario): string {
  const sum = (of: (one: Shown) => number) => all.reduce((total, one) => total + of(one), 0);
  const [total, failed] = [sum((one) => one.total), sum((one) => one.failed)];
  switch (partsOf(row).shows) {
    case "window total":
      return `${total}`;
    case "window failed":
      return `${failed}`;
    case "rate %":
      return total === 0 ? "–" : ((failed / total) * 100).toFixed(1);
    case "outcome":
      return all.map(({ outcome }) => (outcome === "breach" ? BAD : (outcome ?? ""))).join(" ");
    case "event":
      return all.flatMap(({ transitions }) => transitions.flatMap(eventWords)).join(", ");
    case "severity":
      return all.map(({ severity }) => severity).join(" ");
    default:
      return stateOf(all, /prometheus/i.test(anchor));
  }
}

/** Prometheus has no word for what recovers: it still fires. */
function stateOf(all: readonly Shown[], isPrometheus: boolean): string {
  const ranks = all.map(({ status }) => ORDER.indexOf(status));
  const worst = ORDER[Math.max(0, ...ranks)] ?? "inactive";
  return LETTERS[isPrometheus && worst === "recovering" ? "firing" : worst];
}

const ORDER: Status[] = ["inactive", "pending", "no_data", "recovering", "firing"];

const eventWords = ({ event, reason }: Transition): string[] => {
  if (event === null) return [];
  return [event === "close" && reason !== "recovered" ? `close(${reason})` : event];
};
