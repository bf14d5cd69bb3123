import type { Figure, Observation, Rate } from "./observation";
import type { Judged } from "./rule";
import type { Labels } from "./schema";

/** What a tick finds of one label set. */
export type Observed = { labels: Labels; observation: Observation };

/** What the metrics answer to one question: every label set that had anything. */
export type Groups = readonly (Figure & { labels: Labels })[];

const keyOf = (labels: Labels): string => JSON.stringify(labels);

/** Label sets of any of the answers, with each one's figures in the order of the questions. */
function joined(answers: readonly Groups[]): { labels: Labels; figures: (Figure | null)[] }[] {
  const found = new Map<string, { labels: Labels; figures: (Figure | null)[] }>();
  for (const [at, groups] of answers.entries())
    for (const { labels, ...figure } of groups) {
      const key = keyOf(labels);
      const known = found.get(key) ?? { labels, figures: answers.map(() => null) };
      known.figures[at] = figure;
      found.set(key, known);
    }
  return [...found.values()];
}

const EMPTY: Figure = { value: null };

/** Of a rule that asks the metrics: `answers` to its questions, in their order. */
export function observedOf(
  rule: Judged,
  answers: readonly Groups[],
  known: {
    /** Windows that begin before it tell nothing: so long there is anything at all. */
    firstMs: number | null;
    /** Of the questions. */
    fromMs: readonly number[];
    createdMs: number;
    atMs: number;
  },
): Observed[] {
  const sets = joined(answers);
  switch (rule.kind) {
    case "threshold":
    case "ratio":
    case "event": {
      const { kind } = rule;
      return sets.map(({ labels, figures: [now] }) => ({
        labels,
        observation: { kind, ...(now ?? EMPTY) },
      }));
    }
    case "change":
      return sets.map(({ labels, figures: [now, baseline] }) => ({
        labels,
        observation: { kind: "change", now: now ?? EMPTY, baseline: baseline ?? EMPTY },
      }));
    case "anomaly": {
      const isKnown = known.fromMs.map((from) => known.firstMs !== null && from >= known.firstMs);
      return sets.map(({ labels, figures: [now, ...past] }) => {
        const values = past.map((figure) => figure?.value ?? (rule.emptyIsZero ? 0 : null));
        const history = values.filter((value, at) => value !== null && isKnown[at + 1]) as number[];
        return { labels, observation: { kind: "anomaly", ...(now ?? EMPTY), history } };
      });
    }
    case "burn_rate":
      return sets.map(({ labels, figures: [long, short] }) => ({
        labels,
        observation: { kind: "burn_rate", long: rateOf(long), short: rateOf(short) },
      }));
    case "absence": {
      const [ruleAgeMs, everSeen] = [known.atMs - known.createdMs, known.firstMs !== null];
      return sets.map(({ labels, figures: [now] }) => ({
        labels,
        observation: { kind: "absence", count: now?.value ?? 0, everSeen, ruleAgeMs },
      }));
    }
    default:
      return [];
  }
}

const rateOf = (figure: Figure | null | undefined): Rate => ({
  numerator: figure?.numerator ?? 0,
  denominator: figure?.denominator ?? 0,
});
