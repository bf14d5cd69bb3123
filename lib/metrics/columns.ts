import { type Metric, termsOf } from "./metric";

/** The label of what no sums are kept of by name: it is of `other`. No text of the store's is like it. */
export const FOLDED = "\u0000folded";

/** What the store tells of a metric, column by column: the entries at one index belong together. */
export type Told = {
  /** Index into the buckets' starts; `-1` is what a gauge stands at after everything. */
  buckets: readonly number[];
  /** By group, in the order of the groups; what has no such label is under `''`. */
  labels: ReadonlyArray<readonly string[]>;
  /** By term, in their order. Where they are not told apart, a side's first has the sums of all. */
  sums: ReadonlyArray<readonly number[]>;
  /** Of distributions alone. */
  histograms: Histograms | null;
};

/** Stored ones and what is still to be added to them, unmerged: merging is done once, where a figure is read. */
export type Histograms = {
  /** The bytes of each entry's packed one in `packed`; -1 where the next of `observations` are its own. */
  sizes: readonly number[];
  packed: Uint8Array;
  observations: ReadonlyArray<readonly number[]>;
};

/** One label set in one bucket, where it is not read column by column. */
export type Row = {
  bucket: number;
  labels: string[];
  sums: number[];
  histograms: { packed: readonly Uint8Array[]; observations: readonly number[][] };
};

/** The same as columns; a histogram beyond a row's first is an entry of its own. */
export function toldOf(
  rows: readonly Row[],
  { groups, terms }: { groups: number; terms: number },
): Told {
  const entries = rows.flatMap(({ histograms: { packed, observations }, ...row }) => {
    const [first, ...others] = [...packed, ...observations];
    return [
      { ...row, part: first },
      ...others.map((part) => ({ ...row, sums: [] as number[], part })),
    ];
  });
  const parts = entries.map(({ part }) => part);
  return {
    buckets: entries.map(({ bucket }) => bucket),
    labels: Array.from({ length: groups }, (_, at) =>
      entries.map(({ labels }) => labels[at] ?? ""),
    ),
    sums: Array.from({ length: terms }, (_, at) => entries.map(({ sums }) => sums[at] ?? 0)),
    histograms: {
      sizes: parts.map((part) => (part instanceof Uint8Array ? part.length : part ? -1 : 0)),
      packed: Buffer.concat(parts.filter((part) => part instanceof Uint8Array)),
      observations: parts.flatMap((part) => (part && !(part instanceof Uint8Array) ? [part] : [])),
    },
  };
}

/** One entry's histogram. */
export type Part = Uint8Array | readonly number[];

/** All entries' histograms by their index; null where there is none. */
export function partsOf({ sizes, packed, observations }: Histograms): Array<Part | null> {
  let begin = 0;
  let next = 0;
  return sizes.map((size) => {
    if (size < 0) return observations[next++] ?? null;
    const part = size === 0 ? null : packed.subarray(begin, begin + size);
    begin += size;
    return part;
  });
}

/** The entries that have the same labels, by these. */
export type Labelled = { labels: string[]; entries: number[] };

export function byLabels({ buckets, labels }: Told): Labelled[] {
  const [only = []] = labels;
  const idOf =
    labels.length === 1
      ? (entry: number) => only[entry] ?? ""
      : (entry: number) => labels.map((column) => column[entry] ?? "").join("\u0000");
  const found = new Map<string, Labelled>();
  for (let entry = 0; entry < buckets.length; entry++) {
    const id = idOf(entry);
    const known = found.get(id);
    if (known) known.entries.push(entry);
    else found.set(id, { labels: labels.map((column) => column[entry] ?? ""), entries: [entry] });
  }
  return [...found.values()];
}

/** What is read of rows at once: sums that several metrics may be made of, by family where there are more. */
export type Read = Told & { families: readonly string[] | null };

/** What it tells of one metric: for each term the column of its measure, of its own family alone. */
export function partOf(
  { buckets, labels, families, sums, histograms }: Read,
  columns: ReadonlyArray<{ family: string; at: number }>,
): Told {
  if (families === null)
    return { buckets, labels, sums: columns.map(({ at }) => sums[at] ?? []), histograms };
  const own = new Set(columns.map(({ family }) => family));
  const entries = [...families.keys()].filter((entry) => own.has(families[entry] ?? ""));
  const of = <T>(column: readonly T[]) => entries.map((entry) => column[entry] as T);
  return {
    buckets: of(buckets),
    labels: labels.map(of),
    sums: columns.map(({ family, at }) =>
      entries.map((entry) => (families[entry] === family ? (sums[at]?.[entry] ?? 0) : 0)),
    ),
    histograms: null,
  };
}

/** With a group by `bucket`, each term is a group of its own. */
export function splitTerms(
  told: Told,
  { metric, groups }: { metric: Metric; groups: readonly string[] },
): Told {
  const at = groups.indexOf("bucket");
  if (at === -1) return told;
  const terms = termsOf(metric);
  const each = <T>(column: readonly T[]) => terms.flatMap(() => column);
  const { buckets, labels, sums } = told;
  return {
    buckets: each(buckets),
    labels: labels.map((column, group) =>
      group === at ? terms.flatMap(({ bucket = "" }) => buckets.map(() => bucket)) : each(column),
    ),
    sums: sums.map((column, term) =>
      terms.flatMap((_, other) => (other === term ? column : column.map(() => 0))),
    ),
    histograms: null,
  };
}
