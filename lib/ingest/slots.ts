import { AppError } from "@/lib/http/errors";
import { troubleOf } from "@/lib/http/trouble";

/** Batches written at once: more only wait for each other's locks and for two cores. */
const SLOTS = 4;
/** Batches that may wait; beyond it a sender is told to come back, and nothing of its request is stored. */
const QUEUE = 64;
/** So long may a sender's wait: who waits longer has often given up itself, and sends it once more. */
const PATIENCE_MS = 15_000;

export type From = { sender?: string; connectionId: string };

/** How loads are written: several in one go where they fit, each with its own result. */
export type Way<L, R> = {
  fits(load: L, others: readonly L[]): boolean;
  write(loads: readonly [L, ...L[]]): Promise<readonly R[]>;
};

type Waiting = {
  /** Its turn has come, and it takes these along. */
  go(along: Waiting[]): void;
  refuse(): void;
  /** What it is and how it is written, for whoever may take it along. */
  load: unknown;
  way: unknown;
  /** Taken along: out of the queue, and told what became of it by whoever took it. */
  board(outcome: Promise<unknown>): void;
};

let busy = 0;
let count = 0;
/** Of each sender, in the order in which they take turns. */
const queues = new Map<string, Waiting[]>();

/** Runs `work` by itself when a slot is free, see `inSharedSlot`. */
export async function inSlot<T>(from: From, work: () => Promise<T>): Promise<T> {
  return inSharedSlot(from, null, { fits: () => false, write: async () => [await work()] });
}

/**
 * Writes a load when a slot is free, and with it, in one go, what waits of others and fits: a transaction
 * has a price of its own, which many small loads pay once. Senders take turns, however many loads one of
 * them has waiting. Throws `rate_limited` with a `retry-after` when the queue is full, or too slow; of a
 * full one, the last load of whoever waits with most makes room for a sender who waits with fewer.
 */
export async function inSharedSlot<L, R>(from: From, load: L, way: Way<L, R>): Promise<R> {
  if (busy >= SLOTS) {
    const turn = await turnOf(from, load, way);
    if ("outcome" in turn) return (await turn.outcome) as R;
    return inMySlot(() => writeTogether(load, turn.along, way));
  }
  busy++;
  return inMySlot(() => alone(load, way));
}

async function inMySlot<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } finally {
    passOn();
  }
}

async function writeTogether<L, R>(load: L, along: readonly Waiting[], way: Way<L, R>): Promise<R> {
  if (along.length === 0) return alone(load, way);
  const [mine, ...others] = outcomesOf([load, ...along.map((one) => one.load as L)], way);
  for (const [at, one] of along.entries()) one.board(others[at] as Promise<R>);
  await Promise.allSettled([mine, ...others]);
  return mine as Promise<R>;
}

/** Of all in one go; if that fails each by itself, since it may be the fault of one alone. */
function outcomesOf<L, R>(loads: [L, ...L[]], way: Way<L, R>): Promise<R>[] {
  const together = way.write(loads);
  let last: Promise<unknown> = together;
  return loads.map((load, at) => {
    const before = last;
    const mine = together.then(
      (results) => results[at] as R,
      async (error) => {
        // What befell the database befalls every one.
        if (troubleOf(error) !== null) throw error;
        // This is one slot: one after the other.
        await before.catch(() => {});
        return alone(load, way);
      },
    );
    last = mine;
    return mine;
  });
}

const alone = async <L, R>(load: L, { write }: Way<L, R>) => (await write([load]))[0] as R;

/** Out of the queue, in the order of turns, what fits with one whose turn has come and with each other. */
function takeAlong(first: Waiting): Waiting[] {
  const way = first.way as Way<unknown, unknown>;
  const loads = [first.load];
  const along: Waiting[] = [];
  for (let more = true; more; ) {
    more = false;
    for (const [sender, [next]] of [...queues]) {
      if (next?.way !== way || !way.fits(next.load, loads)) continue;
      leave(sender, next);
      standBehind(sender);
      along.push(next);
      loads.push(next.load);
      more = true;
    }
  }
  return along;
}

/** A sender who had a turn comes after all others. */
function standBehind(sender: string): void {
  const rest = queues.get(sender);
  queues.delete(sender);
  if (rest) queues.set(sender, rest);
}

type Turn = { along: Waiting[] } | { outcome: Promise<unknown> };

function turnOf(from: From, load: unknown, way: unknown): Promise<Turn> {
  const sender = from.sender ?? from.connectionId;
  return new Promise((done, failed) => {
    if (count >= QUEUE && !makeRoom(sender)) return failed(tooMany());
    const giveUp = () => {
      leave(sender, one);
      one.refuse();
    };
    // What we read ourselves gives nothing up: it would only be read once more.
    const patience = from.sender === undefined ? undefined : setTimeout(giveUp, PATIENCE_MS);
    const ending =
      <A extends unknown[]>(end: (...args: A) => void) =>
      (...args: A) => {
        clearTimeout(patience);
        end(...args);
      };
    const one: Waiting = {
      ...{ load, way },
      go: ending((along: Waiting[]) => done({ along })),
      refuse: ending(() => failed(tooMany())),
      board: ending((outcome: Promise<unknown>) => done({ outcome })),
    };
    queues.set(sender, [...(queues.get(sender) ?? []), one]);
    count++;
  });
}

/** False when nobody waits with more than this sender would then. */
function makeRoom(sender: string): boolean {
  let [greediest, most]: [string, Waiting[]] = ["", []];
  for (const [name, waiting] of queues)
    if (waiting.length > most.length) [greediest, most] = [name, waiting];
  const last = most.at(-1);
  if (!last || most.length <= (queues.get(sender)?.length ?? 0) + 1) return false;
  leave(greediest, last);
  last.refuse();
  return true;
}

/** One that waits no more; where its sender stands among the others stays as it is. */
function leave(sender: string, one: Waiting): void {
  const rest = (queues.get(sender) ?? []).filter((other) => other !== one);
  if (rest.length > 0) queues.set(sender, rest);
  else queues.delete(sender);
  count--;
}

/** Gives the slot to the sender whose turn it is, who then stands behind the others. */
function passOn(): void {
  const [[sender, [next]] = ["", []]] = queues;
  if (!next) {
    busy--;
    return;
  }
  leave(sender, next);
  standBehind(sender);
  next.go(takeAlong(next));
}

const tooMany = () =>
  new AppError("rate_limited", "Too many batches are waiting; send it again shortly.", {
    retryAfterSeconds: 1,
  });
