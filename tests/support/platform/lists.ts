import { invalid } from "./errors";
import type { Dice, Faults } from "./faults";
import type { Query } from "./query";
import type { Behaviour, PageLimit } from "./shapes";
import type { Key, Order, Sorted, View } from "./sorted";

/** Defaults and maxima, where the reference knows them. */
export const PAGE_LIMITS: Record<string, PageLimit> = {
  sessions: { usual: 20, most: 100 },
  events: { usual: 1000, most: 1000 },
  thread_events: { usual: 1000, most: 1000 },
  threads: { usual: 1000, most: 1000 },
  resources: { usual: 1000, most: 1000 },
  deployment_runs: { usual: 20, most: 1000 },
  models: { usual: 20, most: 1000 },
  cost: { usual: 20, most: 1000 },
  others: { usual: 20, most: 100 },
};

/** What a cursor holds on to. It names a place, not a page. */
type Cursor = {
  epoch: number;
  list: string;
  order: Order;
  bounds: string;
  /** [time or null for none, arrival]; null is the very start. */
  key: [number | null, number] | null;
  back?: true;
  /** The page before was empty by chance; this one is not. */
  afterEmpty?: true;
  /** Entries to skip, where pages shift. */
  skip?: number;
};

export type ListRequest<T extends Key> = {
  /** A cursor of another list is refused. */
  list: string;
  /** A key of PAGE_LIMITS. */
  kind: string;
  entries: Sorted<T>;
  order: Order;
  query: Query;
  bounds?: string;
  isBidirectional?: boolean;
  accepts(entry: T): boolean;
  show(entry: T): string;
};

type Page<T> = { rows: T[]; next: string | null; previous: string | null };

/** Pages of every list, and the cursors between them. */
export class Lists {
  #epoch = 0;

  constructor(
    readonly world: { faults: Faults; dice: Dice; behaviour: Behaviour },
    readonly limits: Record<string, PageLimit>,
  ) {}

  expireCursors(): void {
    this.#epoch++;
  }

  limitOf(kind: string, query: Query): number {
    const { usual, most } = this.limits[kind] ?? { usual: 20, most: 100 };
    const limit = query.integer("limit") ?? usual;
    if (limit < 1 || limit > most) throw invalid(`limit: expected 1 to ${most}`);
    return limit;
  }

  answer<T extends Key>(request: ListRequest<T>): string {
    const { noNextPage } = this.world.behaviour;
    const asked = this.limitOf(request.kind, request.query);
    const limit = noNextPage === "whole" ? Number.POSITIVE_INFINITY : asked;
    const page = this.#page(request, this.#open(request), limit);
    const rest = [
      ...(noNextPage ? [] : [`"next_page":${JSON.stringify(page.next)}`]),
      ...(request.isBidirectional ? [`"prev_page":${JSON.stringify(page.previous)}`] : []),
    ];
    return `{${[`"data":[${page.rows.map(request.show).join(",")}]`, ...rest].join(",")}}`;
  }

  #page<T extends Key>(request: ListRequest<T>, cursor: Cursor | null, limit: number): Page<T> {
    const { faults, dice, behaviour } = this.world;
    const write = (fields: Pick<Cursor, "key" | "back" | "afterEmpty" | "skip">) =>
      this.#write(request, fields);
    if (!cursor?.afterEmpty && !cursor?.back && dice.hits(faults.emptyPage)) {
      const { key = null, skip } = cursor ?? {};
      const next = write({ key, afterEmpty: true, ...(skip === undefined ? {} : { skip }) });
      return { rows: [], next, previous: null };
    }
    const view = request.entries.view(request.order);
    const walk = (start: number, step: 1 | -1, count: number, skip = 0) =>
      collect({ view, accepts: request.accepts, start, step, count, skip });
    if (request.isBidirectional && behaviour.shiftingPages) {
      const skip = cursor?.skip ?? 0;
      const { rows, hasMore } = walk(0, 1, limit, skip);
      const next = hasMore ? write({ key: null, skip: skip + rows.length }) : null;
      return { rows, next, previous: null };
    }
    const from = cursor?.key ? opened(cursor.key) : null;
    if (cursor?.back && from) {
      const { rows, hasMore } = walk(view.before(from) - 1, -1, limit);
      rows.reverse();
      const [first, last] = [rows[0], rows.at(-1)];
      return {
        rows,
        next: last ? write({ key: closed(last) }) : null,
        previous: hasMore && first ? write({ key: closed(first), back: true }) : null,
      };
    }
    const start = from ? view.after(from) : 0;
    let { rows, hasMore } = walk(start, 1, limit);
    if (from && limit > 2 && dice.hits(faults.duplicate)) {
      const again = walk(start - 1, -1, 2).rows.reverse();
      hasMore ||= rows.length + again.length > limit;
      rows = [...again, ...rows].slice(0, limit);
    }
    const [first, last] = [rows[0], rows.at(-1)];
    const isPreceded = request.isBidirectional && from && first;
    const hasPrevious = isPreceded && walk(view.before(closedKey(first)) - 1, -1, 0).hasMore;
    return {
      rows,
      next: hasMore && last ? write({ key: closed(last) }) : null,
      previous: hasPrevious ? write({ key: closed(first), back: true }) : null,
    };
  }

  #write<T extends Key>(request: ListRequest<T>, fields: Pick<Cursor, "key">): string {
    const { list, order, bounds = "" } = request;
    const cursor: Cursor = { epoch: this.#epoch, list, order, bounds, ...fields };
    return `page_${Buffer.from(JSON.stringify(cursor)).toString("base64url")}`;
  }

  #open<T extends Key>({ list, order, bounds = "", query }: ListRequest<T>): Cursor | null {
    const text = query.text("page");
    if (text === null || text === "") return null;
    const cursor = read(text);
    if (!cursor || cursor.list !== list) throw invalid("page: this is no cursor of this list");
    if (cursor.epoch !== this.#epoch) throw invalid("page: the cursor has expired");
    if (cursor.order !== order) throw invalid("page: the cursor belongs to another order");
    if (cursor.bounds !== bounds)
      throw invalid("page: the cursor lies outside the created_at bounds");
    return cursor;
  }
}

function read(text: string): Cursor | null {
  if (!text.startsWith("page_")) return null;
  try {
    return JSON.parse(Buffer.from(text.slice(5), "base64url").toString()) as Cursor;
  } catch {
    return null;
  }
}

const closed = ({ sortUs, seq }: Key): [number | null, number] => [
  Number.isFinite(sortUs) ? sortUs : null,
  seq,
];

const closedKey = ({ sortUs, seq }: Key): Key => ({ sortUs, seq });

const opened = ([sortUs, seq]: [number | null, number]): Key => ({
  sortUs: sortUs ?? Number.POSITIVE_INFINITY,
  seq,
});

function collect<T>(walk: {
  view: View<T>;
  accepts: (entry: T) => boolean;
  start: number;
  step: 1 | -1;
  count: number;
  skip: number;
}): { rows: T[]; hasMore: boolean } {
  const rows: T[] = [];
  let toSkip = walk.skip;
  let place = walk.start;
  for (let entry = walk.view.at(place); entry !== undefined; entry = walk.view.at(place)) {
    place += walk.step;
    if (!walk.accepts(entry) || toSkip-- > 0) continue;
    if (rows.length >= walk.count) return { rows, hasMore: true };
    rows.push(entry);
  }
  return { rows, hasMore: false };
}
