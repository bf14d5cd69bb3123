import { type Cell, type Family, MEASURES, type Measure, type Measures } from "./schema";

/** Cells by minute, family and key. */
export type CellMap = Map<string, Cell>;

export type Place = { minute: number; family: Family; key: string };

/** What happens at an instant, in microseconds, or evenly from it to before `untilUs`, within one minute. */
export type Moment = {
  us: number;
  untilUs?: number;
  family: Family;
  key: string;
  measures: Measures;
  /** Durations as `observed` writes them. */
  observations?: readonly number[];
};
export type Tell = (moment: Moment) => void;

const MINUTE_US = 60_000_000;

export const minuteOf = (us: number): number => Math.floor(us / MINUTE_US);

/** Tells moments to the cells of their minutes. */
export const intoCells =
  (cells: CellMap): Tell =>
  ({ us, family, key, measures, observations }) =>
    addTo(cells, { minute: minuteOf(us), family, key }, measures, observations);

/** Adds to a cell, making it where there is none. */
export function addTo(
  cells: CellMap,
  place: Place,
  measures: Measures,
  observations: readonly number[] = [],
): void {
  const id = `${place.minute} ${place.family} ${place.key}`;
  const cell = cells.get(id);
  if (!cell) {
    cells.set(id, { ...place, measures: { ...measures }, observations: [...observations] });
    return;
  }
  addMeasures(cell.measures, measures, 1);
  cell.observations.push(...observations);
}

export function addMeasures(into: Measures, more: Measures, sign: 1 | -1): void {
  for (const name in more) {
    const value = more[name as Measure];
    if (value) into[name as Measure] = (into[name as Measure] ?? 0) + sign * value;
  }
}

/** Adds whole cells, or takes them out again (`sign` -1). */
export function addCells(into: CellMap, cells: Iterable<Cell>, sign: 1 | -1): void {
  for (const { minute, family, key, measures, observations } of cells) {
    const signed = sign === 1 ? observations : observations.map((one) => -1 - one);
    const part: Measures = {};
    addMeasures(part, measures, sign);
    addTo(into, { minute, family, key }, part, signed);
  }
}

/** In one form, so that equal cells are equal: observations taken back are gone, nothing is zero. */
export function settled({ minute, family, key, measures, observations }: Cell): Cell | null {
  const told: Measures = {};
  let isEmpty = true;
  for (const name of MEASURES) {
    const value = measures[name];
    if (!value) continue;
    told[name] = value;
    isEmpty = false;
  }
  const left = observations.length === 0 ? [] : settledObservations(observations);
  if (isEmpty && left.length === 0) return null;
  return { minute, family, key, measures: told, observations: left };
}

function settledObservations(observations: readonly number[]): number[] {
  if (observations.every((one) => one >= 0)) return [...observations].sort((a, b) => a - b);
  const counts = new Map<number, number>();
  for (const one of observations) {
    const bucket = one >= 0 ? one : -1 - one;
    counts.set(bucket, (counts.get(bucket) ?? 0) + (one >= 0 ? 1 : -1));
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .flatMap(([bucket, count]) =>
      Array.from({ length: Math.abs(count) }, () => (count > 0 ? bucket : -1 - bucket)),
    );
}

/** Those that are not empty, in the order of their places. */
export function settledCells(cells: Iterable<Cell>): Cell[] {
  return [...cells]
    .flatMap((cell) => settled(cell) ?? [])
    .sort(
      (a, b) =>
        a.minute - b.minute ||
        (a.family < b.family ? -1 : a.family > b.family ? 1 : 0) ||
        (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
    );
}
