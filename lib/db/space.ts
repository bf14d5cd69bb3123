import { readFile, statfs } from "node:fs/promises";
import { env } from "@/lib/env";
import { noSpace } from "@/lib/http/trouble";
import { embeddedPaths } from "./embedded";

/** Kept for what goes on when nothing is taken in any more: jobs, sign-ins, the audit log. */
const RESERVED_BYTES = 200_000_000;
const LOOK_MS = 1_000;

let seen = { atMs: Number.NEGATIVE_INFINITY, isFull: false };

/** Throws `out_of_space` before anything is begun that would fill the last of the disk. */
export async function refuseWhenFull(): Promise<void> {
  if (await isDiskFull()) throw noSpace();
}

/** Whether the disk of the embedded database is full but for the reserve. Of another one's we see nothing. */
async function isDiskFull(): Promise<boolean> {
  const nowMs = performance.now();
  if (nowMs - seen.atMs < LOOK_MS) return seen.isFull;
  seen = { atMs: nowMs, isFull: seen.isFull };
  seen.isFull = await look();
  return seen.isFull;
}

async function look(): Promise<boolean> {
  const { root, url } = embeddedPaths(env.WATCHKEEPER_DATA);
  const embedded = await readFile(url, "utf8").catch(() => null);
  if (embedded?.trim() !== env.DATABASE_URL) return false;
  const { bavail, bsize } = await statfs(root);
  return bavail * bsize < RESERVED_BYTES;
}
