import type pg from "pg";
import { pool } from "@/lib/db/client";

type Query = (...args: unknown[]) => unknown;
type Wired = { query: Query; connection: { stream: { destroy(): void } } };

export type Moment = {
  /** Counted from 0. */
  statement: number;
  /** Whether the server still gets to see that statement. */
  isSent: boolean;
};

/**
 * Cuts the connection of whoever runs that statement, as the death of its process would. The answer
 * says whether it came so far.
 */
export async function killedAt(
  { statement, isSent }: Moment,
  work: () => Promise<unknown>,
): Promise<boolean> {
  let count = 0;
  let isCut = false;
  const originals = new Map<Wired, Query>();
  const watch = (acquired: pg.PoolClient) => {
    const client = acquired as unknown as Wired;
    if (originals.has(client)) return;
    const original = client.query;
    originals.set(client, original);
    client.query = (...args) => {
      if (count++ !== statement || isCut) return original(...args);
      isCut = true;
      if (!isSent) client.connection.stream.destroy();
      const answer = original(...args);
      // By the next turn the statement is on its way, and its answer has not been read.
      if (isSent) setImmediate(() => client.connection.stream.destroy());
      return answer;
    };
  };
  pool().on("acquire", watch);
  try {
    await work();
  } catch (error) {
    if (!isCut) throw error;
  } finally {
    pool().off("acquire", watch);
    for (const [client, original] of originals) client.query = original;
  }
  return isCut;
}
