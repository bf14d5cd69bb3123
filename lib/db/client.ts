import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { env } from "@/lib/env";
import { type Prisma, PrismaClient } from "./generated/client";
import { Client } from "./large-text";

/** The client, or a transaction begun on it: what a store's functions take. */
export type Db = Prisma.TransactionClient;

type Connected = { pool: pg.Pool; prisma: PrismaClient };

// Next evaluates modules again on every reload of a page in development: one pool for the process.
const kept = globalThis as typeof globalThis & { watchkeeperDb?: Connected };

/** Opened on first use, so that the build and commands that learn the address late can import this. */
function connected(): Connected {
  kept.watchkeeperDb ??= connect(env.DATABASE_URL, 10);
  return kept.watchkeeperDb;
}

/** @param max connections of the pool; each serves one statement or transaction at a time */
export function connect(url: string | undefined, max: number): Connected {
  if (!url) throw new Error("DATABASE_URL is not set: start with npm start.");
  const pool = new pg.Pool({
    Client,
    connectionString: url,
    max,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: "watchkeeper",
    onConnect: async (client) => {
      await client.query("set time zone 'UTC'");
    },
  });
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  pool.on("error", () => {});
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
  return { pool, prisma };
}

export const prisma: PrismaClient = new Proxy({} as PrismaClient, {
  get: (_, name) => Reflect.get(connected().prisma, name),
});

/** The pool under `prisma`, for COPY and cursors. Take a connection with `connect()` and release it. */
export function pool(): pg.Pool {
  return connected().pool;
}

/** A connection of its own that reaches Postgres itself, also past a transaction pooler: for LISTEN. */
export async function openDirectConnection(): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: env.DATABASE_DIRECT_URL ?? env.DATABASE_URL,
    application_name: "watchkeeper listen",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/**
 * Of a transaction that may meet batches under way, each of which holds its sessions, prices, promoted keys
 * and rules of masking until its end: they take milliseconds, a large import on a busy disk longer than
 * Prisma's five seconds.
 */
export const PATIENT = { maxWait: 120_000, timeout: 120_000 };

/** Closes what this process has opened. */
export async function disconnect(): Promise<void> {
  await kept.watchkeeperDb?.prisma.$disconnect();
  kept.watchkeeperDb = undefined;
}
