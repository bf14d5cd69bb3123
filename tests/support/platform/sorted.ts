/** Where an entry stands. `sortUs` is Infinity for what has no time yet; `seq` breaks ties by arrival. */
export type Key = { sortUs: number; seq: number };
export type Order = "asc" | "desc";

/** A list in one order, asked in both. Entries without a time come last in either. */
export class Sorted<T extends Key> {
  readonly items: T[] = [];

  insert(item: T): void {
    const last = this.items.at(-1);
    if (!last || compare(last, item) < 0) this.items.push(item);
    else this.items.splice(this.#above(item), 0, item);
  }

  remove(item: T): void {
    const at = this.#notBelow(item);
    if (this.items[at] === item) this.items.splice(at, 1);
  }

  view(order: Order): View<T> {
    const { items } = this;
    const timed =
      order === "asc" ? 0 : this.#notBelow({ sortUs: Number.POSITIVE_INFINITY, seq: 0 });
    return {
      at: (place) => items[place >= 0 && place < timed ? timed - 1 - place : place],
      before: (key) =>
        order === "desc" && Number.isFinite(key.sortUs)
          ? timed - this.#above(key)
          : this.#notBelow(key),
      after: (key) =>
        order === "desc" && Number.isFinite(key.sortUs)
          ? timed - this.#notBelow(key)
          : this.#above(key),
    };
  }

  #notBelow(key: Key): number {
    return this.#search((item) => compare(item, key) >= 0);
  }

  #above(key: Key): number {
    return this.#search((item) => compare(item, key) > 0);
  }

  #search(isBeyond: (item: T) => boolean): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = this.items[middle];
      if (item && !isBeyond(item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export type View<T> = {
  at(place: number): T | undefined;
  /** How many entries stand before the key. */
  before(key: Key): number;
  /** The place behind the key, whether or not an entry still stands there. */
  after(key: Key): number;
};

function compare(a: Key, b: Key): number {
  // Infinity minus Infinity is no number.
  return a.sortUs === b.sortUs ? a.seq - b.seq : a.sortUs < b.sortUs ? -1 : 1;
}
