import { outcomeLook } from "@/components/sessions/outcomes";
import { formatDuration, formatNanos } from "@/lib/format";
import type { Span } from "@/lib/time/range";

/** Filters with a list of values and a count beside each. */
export const FACETS = [
  { name: "outcome", label: "Outcome" },
  { name: "agent", label: "Agent" },
  { name: "agent_version", label: "Version" },
  { name: "environment", label: "Environment" },
  { name: "deployment", label: "Deployment" },
  { name: "model", label: "Model" },
  { name: "tool", label: "Tool" },
  { name: "error_type", label: "Error" },
  { name: "source", label: "Source" },
] as const;
export type FacetName = (typeof FACETS)[number]["name"];

export const MINIMUMS = [
  { name: "min_cost_nanos", label: "Cost at least", unit: "$" },
  { name: "min_duration_ms", label: "Duration at least", unit: "min" },
] as const;
export type MinimumName = (typeof MINIMUMS)[number]["name"];

/** Filters that other pages lead here with: they can be seen and removed. */
const LED_BY = [
  {
    name: "max_duration_ms",
    label: "Duration at most",
    words: ([most]: readonly string[]) => formatDuration(Number(most)),
  },
  {
    name: "sandbox",
    label: "Sandbox",
    words: ([used]: readonly string[]) => (used === "true" ? "used" : "not used"),
  },
  {
    name: "config",
    label: "Configuration",
    words: (values: readonly string[]) => values.map((value) => value.slice(0, 8)).join(", "),
  },
] as const;
export const isLedBy = (name: string): boolean => LED_BY.some((one) => one.name === name);

/** What of a session must lie in the range. */
export const BY = [
  { id: "active", label: "Active" },
  { id: "started", label: "Started" },
  { id: "settled", label: "Settled" },
] as const;

const METADATA = "metadata.";
const PLAIN = new Set<string>([
  ...FACETS.map((facet) => facet.name),
  ...MINIMUMS.map((minimum) => minimum.name),
  ...LED_BY.map((filter) => filter.name),
  "failed",
  "q",
]);

/** Whether a URL parameter narrows the list down. */
export function isFilter(name: string): boolean {
  return PLAIN.has(name) || (name.startsWith(METADATA) && name.length > METADATA.length);
}

const ORDERING = ["sort", "order", "by"];

/** What the list depends on, in a fixed order, so that the same filter is the same text. */
export function listParams(params: URLSearchParams): URLSearchParams {
  const kept = [...params].filter(
    ([name, value]) => (isFilter(name) || ORDERING.includes(name)) && value !== "",
  );
  return new URLSearchParams(kept.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y)));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Names the list: everything in the URL that decides which sessions stand in it, and in which order. */
export function listKey(params: URLSearchParams): string {
  const key = listParams(params);
  for (const name of ["range", "from", "to"]) {
    const value = params.get(name);
    if (value) key.set(name, value);
  }
  return key.toString();
}

/** The API's parameters: the list's, and the range. A range that ends now stays open for what comes. */
export function apiParams(
  list: URLSearchParams,
  span: Span | null,
  openEnd: boolean,
): URLSearchParams {
  const api = new URLSearchParams(list);
  if (span) api.set("from", new Date(span.fromMs).toISOString());
  if (span && !openEnd) api.set("to", new Date(span.toMs).toISOString());
  return api;
}

/** One filter as it is shown: its name, its values in words, and what removing it changes in the URL. */
export type Chip = { name: string; label: string; values: string[]; words: string };

type Names = (facet: FacetName, value: string) => string;

/** The filters that are set, in a fixed order. `nameOf` gives ids their names. */
export function chipsOf(params: URLSearchParams, nameOf: Names): Chip[] {
  const facets = FACETS.flatMap(({ name, label }) => {
    const values = params.getAll(name);
    if (values.length === 0) return [];
    const words = values.map((value) =>
      name === "outcome" ? outcomeLook(value).word : nameOf(name, value),
    );
    return [{ name, label, values, words: words.join(", ") }];
  });
  const metadata = [...new Set([...params.keys()].filter((name) => name.startsWith(METADATA)))].map(
    (name) => {
      const values = params.getAll(name);
      return { name, label: name.slice(METADATA.length), values, words: values.join(", ") };
    },
  );
  const minimums = MINIMUMS.flatMap(({ name, label }) => {
    const value = params.get(name);
    if (value === null) return [];
    const words =
      name === "min_cost_nanos" ? formatNanos(Number(value)) : formatDuration(Number(value));
    return [{ name, label, values: [value], words }];
  });
  const led = LED_BY.flatMap(({ name, label, words }) => {
    const values = params.getAll(name);
    return values.length === 0 ? [] : [{ name, label, values, words: words(values) }];
  });
  const by = BY.filter(({ id }) => id === params.get("by") && id !== "active").map(
    ({ id, label }) => ({
      name: "by",
      label: "In the range",
      values: [id as string],
      words: label,
    }),
  );
  return [...facets, ...metadata, ...minimums, ...led, ...by];
}

/** The URL changes that remove every filter. */
export function cleared(params: URLSearchParams): Record<string, null> {
  const set = [...params.keys()].filter((name) => isFilter(name) || name === "by");
  return Object.fromEntries(set.map((name) => [name, null]));
}
