import { AppError } from "./errors";

/**
 * The database is not there; it, or our pool of connections, has too much to do; its disk is full;
 * a trigger of ours refused a secret that was sealed with a key rotated away.
 */
export type Trouble = "away" | "busy" | "full" | "retired";

const CODES: Record<Trouble, ReadonlySet<string>> = {
  away: new Set([
    ...["P1000", "P1001", "P1002", "P1008", "P1017"],
    ...["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "EPIPE"],
    // admin shutdown, crash shutdown, cannot connect now, connection failure
    ...["57P01", "57P02", "57P03", "08006", "08003", "08001"],
    // what Prisma's adapter calls an error of the socket, below a P2010
    ...["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout"],
  ]),
  // of the last: too many connections
  busy: new Set(["P2024", "P2037", "53300", "TooManyConnections"]),
  full: new Set(["53100"]),
  retired: new Set(["WK001"]),
};

/** What the driver says without a code, and Prisma with one for all that can befall a transaction. */
const WORDS: Record<Exclude<Trouble, "retired">, RegExp> = {
  away: /^Connection terminated|connection error and is not queryable|Transaction (not found|already closed)/,
  busy: /timeout exceeded when trying to connect|Unable to start a transaction in the given time|timeout for this transaction/,
  full: /No space left on device/,
};
const TRANSACTION = "P2028";

/** Told of first to last: a transaction that took too long is closed as well. */
const KINDS = ["retired", "full", "busy", "away"] as const;

/** What of these an error tells of, itself or what caused it; null for any other. */
export function troubleOf(error: unknown): Trouble | null {
  const told = chainOf(error);
  const has = (kind: Trouble) =>
    told.some(({ code, originalCode, kind: name, message }) => {
      // A message with a code of its own may quote what was stored.
      const isInWords = code === undefined || code === TRANSACTION;
      return (
        [code, originalCode, name].some((one) => CODES[kind].has(String(one))) ||
        (isInWords &&
          typeof message === "string" &&
          kind !== "retired" &&
          WORDS[kind].test(message))
      );
    });
  return KINDS.find(has) ?? null;
}

/** An error and what lies in it, in the driver's way and in Prisma's. */
function chainOf(error: unknown): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  for (let rest = [error]; rest.length > 0 && found.length < 12; ) {
    const [first, ...others] = rest;
    if (typeof first !== "object" || first === null) {
      rest = others;
      continue;
    }
    const one = first as Record<string, unknown>;
    found.push(one);
    rest = [...others, one.cause, one.meta, one.driverAdapterError];
  }
  return found;
}

/** Nothing was stored; what is there can be read. */
export const noSpace = (cause?: unknown) =>
  new AppError(
    "out_of_space",
    "The disk of the database is full: nothing was stored. Free space there, and send it again.",
    { cause, retryAfterSeconds: 10 },
  );
