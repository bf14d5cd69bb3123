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

/** What is known of a workspace beside the answers themselves. */
export type Known = {
  /** Windows that begin before it tell nothing: so long there is anything at all. */
  firstMs: number | null;
  /** Of the questions' windows. */
  fromMs: readonly number[];
  ruleAgeMs: number;
};

/** Of a rule that asks the metrics: `answers` to its questions, in their order. */
export function observedOf(rule: Judged, answers: readonly Groups[], known: Known): Observed[] {
  return joined(answers).map(({ labels, figures }) => ({
    labels,
    observation: observationOf(rule, figures, known),
  }));
}

/** One label set's figures, in the order of the questions; null where it had nothing. */
export function observationOf(
  rule: Judged,
  [now, ...more]: readonly (Figure | null)[],
  { firstMs, fromMs, ruleAgeMs }: Known,
): Observation {
  switch (rule.kind) {
    case "threshold":
    case "ratio":
    case "event": {
      const volume = more.length > 0 ? { denominator: more[0]?.value ?? 0 } : {};
      return { kind: rule.kind, ...(now ?? EMPTY), ...volume };
    }
    case "change":
      return { kind: "change", now: now ?? EMPTY, baseline: more[0] ?? EMPTY };
    case "anomaly": {
      const history = more.flatMap((figure, at) => {
        const value = figure?.value ?? (rule.emptyIsZero ? 0 : null);
        const isKnown = firstMs !== null && (fromMs[at + 1] ?? 0) >= firstMs;
        return value !== null && isKnown ? [value] : [];
      });
      return { kind: "anomaly", ...(now ?? EMPTY), history };
    }
    case "burn_rate":
      return { kind: "burn_rate", long: rateOf(now), short: rateOf(more[0]) };
    case "absence":
      return { kind: "absence", count: now?.value ?? 0, everSeen: firstMs !== null, ruleAgeMs };
    default:
      return { kind: "error" };
  }
}

const rateOf = (figure: Figure | null | undefined): Rate => ({
  numerator: figure?.numerator ?? 0,
  denominator: figure?.denominator ?? 0,
});
