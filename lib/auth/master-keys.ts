import { hkdfSync } from "node:crypto";
import { env } from "@/lib/env";
import { AppError } from "@/lib/http/errors";
import { FILE, KEY_BYTES, makeKeyFile, readKeyFile, readPreviousKeyFile } from "./key-file";

/**
 * `id` tells keys apart and tells nothing of the key. `sealing` encrypted secrets themselves, in the
 * first format; `wrapping` encrypts their data keys.
 */
export type MasterKey = { id: string; sealing: Uint8Array; wrapping: Uint8Array };

/** WATCHKEEPER_SECRET where it is set, else the file's key, which is made on first need. */
const currentMaterial = async () =>
  env.WATCHKEEPER_SECRET ?? (await readKeyFile()) ?? (await makeKeyFile());

/** What is sealed from now on is sealed with. Never kept: a rotation is seen at once, in every process. */
export const currentKey = async (): Promise<MasterKey> => derive(await currentMaterial());

/** Where keys may be, in the order in which they are looked for. A file that is not needed is not read. */
const PLACES = [
  async () => env.WATCHKEEPER_SECRET ?? null,
  async () => env.WATCHKEEPER_SECRET_PREVIOUS ?? null,
  readKeyFile,
  readPreviousKeyFile,
];

/** Of any place, so that what the file's key sealed still opens once WATCHKEEPER_SECRET is set. */
export async function findKey(id: string): Promise<MasterKey> {
  for (const read of PLACES) {
    const material = await read();
    const key = material === null ? null : derive(material);
    if (key?.id === id) return key;
  }
  throw lost(id);
}

/** The ids of all that are here; none is made. `problem`: why a file that is there could not be read. */
export async function knownKeys(): Promise<{ ids: Set<string>; problem: unknown }> {
  const read = await Promise.allSettled(PLACES.map((place) => place()));
  const ids = new Set<string>();
  let problem: unknown = null;
  for (const one of read)
    if (one.status === "rejected") problem = one.reason;
    else if (one.value !== null) ids.add(derive(one.value).id);
  return { ids, problem };
}

/** Another secret of this installation, for one purpose: nothing can be learnt from it of the key. */
export async function deriveSecret(purpose: string): Promise<string> {
  return Buffer.from(part(await currentMaterial(), purpose, KEY_BYTES)).toString("base64url");
}

function derive(material: string | Uint8Array): MasterKey {
  return {
    id: Buffer.from(part(material, "sealing-key-id", 4)).toString("hex"),
    sealing: part(material, "sealing-key", KEY_BYTES),
    wrapping: part(material, "wrapping-key", KEY_BYTES),
  };
}

const part = (material: string | Uint8Array, purpose: string, length: number) =>
  new Uint8Array(hkdfSync("sha256", material, "", `watchkeeper/${purpose}`, length));

function lost(id: string): AppError {
  return new AppError(
    "unavailable",
    `A stored secret cannot be opened: the key it was encrypted with (${id}) is not here. Set WATCHKEEPER_SECRET to what it was, or restore ${FILE}; or enter the secret again.`,
  );
}
