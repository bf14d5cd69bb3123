import type { Metric } from "./metric";
import type { Group } from "./query-schema";
import { DIMENSIONS, type Dimensions, FAMILIES, type Family } from "./schema";
import {
  type Filter,
  familiesIn,
  familiesOf,
  isManyOfSession,
  isOfSession,
  isTold,
  keyFilters,
} from "./told";

/** What a whole session tells, to group and filter by. */
export type SessionLabels = {
  metadata: Readonly<Record<string, unknown>>;
  outcome: string;
  model: string;
  connection: string;
  config: string;
  models: readonly string[];
  tools: readonly string[];
  error_types: readonly string[];
  /** Keys of its own cells; read only where a question is about them. */
  mcp_servers: readonly string[];
  error_groups: readonly string[];
};

/** A sum and what it is of; the session is null in sums over many. */
export type Counted = {
  family: Family;
  key: string;
  dimensions: Dimensions;
  session: SessionLabels | null;
};

export type Counting = { metric: Metric; groups: readonly Group[]; filter: Filter };

/** Which of a session's labels a question is about. */
export type LabelNames = {
  /** Keys of the metadata. */
  metadata: readonly string[];
  labels: ReadonlyArray<Exclude<keyof SessionLabels, "metadata">>;
};

/** Tells of sums read already what the statements of source-store and query-store ask for. */
export type Counter = {
  families: readonly Family[];
  /** Dimensions a question names, so that sums must be told apart by them. */
  named: ReadonlyArray<keyof Dimensions>;
  ofSession: LabelNames;
  fits: (counted: Counted) => boolean;
  /** By which label sets it counts: more than one where a session counts under each of its tools. */
  labelsOf: (counted: Counted) => string[][];
};

export function counterOf({ metric, groups, filter }: Counting): Counter {
  const conditions = [
    ...DIMENSIONS.flatMap((name) => {
      const values = filter[name];
      return values?.length ? [({ dimensions }: Counted) => values.includes(dimensions[name])] : [];
    }),
    ...keyFilters(filter).map(({ dimension, values }) =>
      isTold(metric, dimension)
        ? ({ family, key }: Counted) => FAMILIES[family] === dimension && values.includes(key)
        : ({ session }: Counted) => session !== null && hasOne(session, dimension, values),
    ),
    ...Object.entries(filter.metadata ?? {}).map(([key, value]) => {
      const values = [value].flat();
      return ({ session }: Counted) => values.some((one) => one === metadataOf(session, key));
    }),
  ];
  const labels = groups.map((group) => labelOf(metric, group));
  const metadata = groups.flatMap((group) =>
    group.startsWith(METADATA) ? [group.slice(METADATA.length)] : [],
  );
  return {
    families: familiesIn(metric),
    named: DIMENSIONS.filter((name) => groups.includes(name) || filter[name]?.length),
    ofSession: {
      metadata: [...new Set([...metadata, ...Object.keys(filter.metadata ?? {})])].sort(),
      labels: [...new Set(labelsNamed({ metric, groups, filter }))].sort(),
    },
    fits: (counted) => conditions.every((holds) => holds(counted)),
    labelsOf: (counted) =>
      labels.reduce<string[][]>(
        (sets, values) => values(counted).flatMap((value) => sets.map((set) => [...set, value])),
        [[]],
      ),
  };
}

const METADATA = "metadata.";

const LISTS = {
  model: "models",
  tool: "tools",
  error_type: "error_types",
  mcp_server: "mcp_servers",
  error_group: "error_groups",
} as const;

type KeyDimension = ReturnType<typeof keyFilters>[number]["dimension"];

/** What tells of a whole session whether a filter holds. */
const filteredBy = (dimension: KeyDimension) =>
  dimension === "outcome" || dimension === "connection" || dimension === "config"
    ? dimension
    : LISTS[dimension];

function labelsNamed({ metric, groups, filter }: Counting): LabelNames["labels"] {
  const filters = keyFilters(filter).filter(({ dimension }) => !isTold(metric, dimension));
  return [
    ...filters.map(({ dimension }) => filteredBy(dimension)),
    ...groups.filter((group) => isOfSession(metric, group)),
    ...groups.filter((group) => isManyOfSession(metric, group)).map((group) => LISTS[group]),
  ];
}

const hasOne = (session: SessionLabels, dimension: KeyDimension, values: readonly string[]) =>
  [session[filteredBy(dimension)]].flat().some((value) => values.includes(value));

function metadataOf(session: SessionLabels | null, key: string): string | null {
  if (session === null || !Object.hasOwn(session.metadata, key)) return null;
  const value = session.metadata[key];
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function labelOf(metric: Metric, group: Group): (counted: Counted) => string[] {
  if (isManyOfSession(metric, group))
    return ({ session }) => {
      const values = session?.[LISTS[group]] ?? [];
      return values.length === 0 ? [""] : [...values];
    };
  if (isOfSession(metric, group)) return ({ session }) => [session?.[group] ?? ""];
  if (group === "bucket") return () => [""];
  if (group.startsWith(METADATA)) {
    const key = group.slice(METADATA.length);
    return ({ session }) => [metadataOf(session, key) ?? ""];
  }
  const dimension = DIMENSIONS.find((name) => name === group);
  if (dimension) return ({ dimensions }) => [dimensions[dimension]];
  const families = familiesOf(group);
  return ({ family, key }) => [families.includes(family) ? key : ""];
}
