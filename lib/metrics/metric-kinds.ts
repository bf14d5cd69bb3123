import type { Aged, Metric, Term } from "./metric";
import type { Family, Measure } from "./schema";

export const of = (family: Family, measure: Measure, keys?: readonly string[]): Term =>
  keys ? { family, measure, keys } : { family, measure };

export const count = (id: string, text: string, ...terms: Term[]): Metric => ({
  ...{ id, text, unit: "count", kind: "count", of: terms },
});
export const cost = (id: string, text: string, terms: readonly Term[]): Metric => ({
  ...{ id, text, unit: "nanodollars", kind: "sum", of: terms },
});
export const tokenSum = (id: string, text: string, terms: readonly Term[]): Metric => ({
  ...{ id, text, unit: "tokens", kind: "sum", of: terms },
});
export const ratio = (
  id: string,
  text: string,
  above: readonly Term[],
  below: readonly Term[],
): Metric => ({
  ...{ id, text, unit: "ratio", kind: "ratio", of: above, by: below },
});
export const gauge = (id: string, text: string, term: Term): Metric => ({
  ...{ id, text, unit: "count", kind: "gauge", of: [term] },
});
export const oldest = (id: string, text: string, aged: Aged): Metric => ({
  ...{ id, text, unit: "seconds", kind: "gauge", of: [], oldest: aged },
});
export const perMinute = (id: string, what: string, term: Term): Metric => ({
  ...{ id, text: `${what}, for each minute of the step.`, unit: "per_minute" },
  ...{ kind: "sum", of: [term], perMinute: true },
});
export const distribution = (id: string, text: string, family: Family): Metric => ({
  ...{ id, text, unit: "ms", kind: "distribution", of: [of(family, "ms")] },
});
export const lag = (id: string, text: string, family: Family): Metric => ({
  ...distribution(id, text, family),
  unit: "seconds",
});
