import { AppError } from "@/lib/http/errors";

/** Batches written at once: more only wait for each other's locks and for two cores. */
const SLOTS = 4;
/** Batches that may wait; beyond it a sender is told to come back, and nothing of its request is stored. */
const QUEUE = 64;
/** So long may a sender's wait: who waits longer has often given up itself, and sends it once more. */
const PATIENCE_MS = 15_000;

type From = { sender?: string; connectionId: string };
type Waiting = { go(): void; refuse(): void };

let busy = 0;
let count = 0;
/** Of each sender, in the order in which they take turns. */
const queues = new Map<string, Waiting[]>();

/**
 * Runs `work` when a slot is free. Senders take turns, however many batches one of them has waiting.
 * Throws `rate_limited` with a `retry-after` when the queue is full, or too slow; of a full one, the
 * last batch of whoever waits with most makes room for a sender who waits with fewer.
 */
export async function inSlot<T>(from: From, work: () => Promise<T>): Promise<T> {
  if (busy < SLOTS) busy++;
  else await turnOf(from);
  try {
    return await work();
  } finally {
    passOn();
  }
}

function turnOf(from: From): Promise<void> {
  const sender = from.sender ?? from.connectionId;
  return new Promise((done, failed) => {
    if (count >= QUEUE && !makeRoom(sender)) return failed(tooMany());
    const giveUp = () => {
      leave(sender, one);
      one.refuse();
    };
    // What we read ourselves gives nothing up: it would only be read once more.
    const patience = from.sender === undefined ? undefined : setTimeout(giveUp, PATIENCE_MS);
    const ending = (end: () => void) => () => {
      clearTimeout(patience);
      end();
    };
    const one: Waiting = { go: ending(done), refuse: ending(() => failed(tooMany())) };
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
  const [first] = queues;
  if (!first) {
    busy--;
    return;
  }
  const [sender, [next, ...rest]] = first;
  queues.delete(sender);
  if (rest.length > 0) queues.set(sender, rest);
  count--;
  next?.go();
}

const tooMany = () =>
  new AppError("rate_limited", "Too many batches are waiting; send it again shortly.", {
    retryAfterSeconds: 1,
  });
