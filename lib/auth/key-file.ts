import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { env } from "@/lib/env";
import { AppError } from "@/lib/http/errors";

export const KEY_BYTES = 32;

const at = (name: string) => join(env.WATCHKEEPER_DATA, name);
const current = () => at("secret");
/** The key before, while something may still be stored that was sealed with it. */
const previous = () => at("secret.previous");
const next = () => at("secret.next");

/** The file's key; null where there is no file. Throws `unavailable` for a file that is none of ours. */
export const readKeyFile = () => read(current());
export const readPreviousKeyFile = () => read(previous());

async function read(path: string): Promise<Uint8Array | null> {
  const key = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw unreadable(error);
  });
  if (key !== null && key.length !== KEY_BYTES) throw unreadable();
  return key;
}

/** Whole or not at all, and of several processes at once the first one's stays. */
export async function makeKeyFile(): Promise<Uint8Array> {
  const draft = at(`secret.${randomBytes(8).toString("hex")}`);
  try {
    await mkdir(env.WATCHKEEPER_DATA, { recursive: true });
    await writeThrough(draft, randomBytes(KEY_BYTES));
    await link(draft, current()).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await rm(draft);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw unreadable(error);
  }
  return (await readKeyFile()) ?? Promise.reject(unreadable());
}

/**
 * Puts a new key into the file's place and keeps the one before beside it. Killed at any point, both
 * keys that something may be sealed with are there, and it can be done again.
 */
export async function replaceKeyFile(): Promise<void> {
  try {
    await rm(next(), { force: true });
    await writeThrough(next(), randomBytes(KEY_BYTES));
    await rm(previous(), { force: true });
    await link(current(), previous());
    await sync(env.WATCHKEEPER_DATA);
    await rename(next(), current());
    await sync(env.WATCHKEEPER_DATA);
  } catch (error) {
    throw unreadable(error);
  }
}

/** Once nothing is sealed with it any more. */
export async function dropPreviousKeyFile(): Promise<void> {
  await rm(previous(), { force: true });
  await rm(next(), { force: true });
  await sync(env.WATCHKEEPER_DATA);
}

/** On the disk before anything is sealed with it. */
async function writeThrough(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Not every system lets a folder be opened. */
async function sync(folder: string): Promise<void> {
  const opened = await open(folder).catch(() => null);
  await opened?.sync().catch(() => {});
  await opened?.close();
}

export const FILE = 'the file "secret" in the folder WATCHKEEPER_DATA';

function unreadable(cause?: unknown): AppError {
  return new AppError(
    "unavailable",
    `The key for stored secrets is not usable: ${FILE} cannot be read or written, or is not ${KEY_BYTES} bytes long. Make the folder writable and restore the file, or set WATCHKEEPER_SECRET. If it is lost, delete it: the next start says what is lost with it.`,
    { cause },
  );
}
