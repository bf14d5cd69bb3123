import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { env } from "@/lib/env";
import { AppError } from "@/lib/http/errors";

const VERSION = "s1";
const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;

/** `id` tells keys apart and tells nothing of the key. */
type Key = { id: string; key: Uint8Array };

/**
 * Encrypts a secret for storage. `context` names the place it is stored in, such as
 * `connection/conn_1/api_key`: nowhere else can it be opened.
 */
export async function seal(plain: string, context: string): Promise<string> {
  const { id, key } = await currentKey();
  const iv = randomBytes(12);
  const cipher = createCipheriv(CIPHER, key, iv);
  cipher.setAAD(boundTo(id, context));
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  const parts = [iv, cipher.getAuthTag(), text].map((part) => part.toString("base64url"));
  return [VERSION, id, ...parts].join(".");
}

/**
 * Opens what `seal` made for the same context. Throws `unavailable` when the key it was made with is
 * not here any more, or when it was changed or moved.
 */
export async function unseal(sealed: string, context: string): Promise<string> {
  const [version, id = "", iv = "", tag = "", text = "", ...more] = sealed.split(".");
  if (version !== VERSION || tag === "" || more.length > 0) throw broken();
  const key = await findKey(id);
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes(iv), { authTagLength: 16 });
    decipher.setAAD(boundTo(id, context));
    decipher.setAuthTag(bytes(tag));
    return Buffer.concat([decipher.update(bytes(text)), decipher.final()]).toString("utf8");
  } catch {
    throw broken();
  }
}

const bytes = (text: string) => Buffer.from(text, "base64url");
const boundTo = (id: string, context: string) => Buffer.from(`${VERSION}/${id}/${context}`);

/** WATCHKEEPER_SECRET where it is set, else the file's key, which is made on first need. */
async function currentKey(): Promise<Key> {
  if (env.WATCHKEEPER_SECRET !== undefined) return derive(env.WATCHKEEPER_SECRET);
  return derive((await readKeyFile()) ?? (await makeKeyFile()));
}

/** Another secret of this installation, for one purpose: nothing can be learnt from it of the key. */
export async function deriveSecret(purpose: string): Promise<string> {
  const material = env.WATCHKEEPER_SECRET ?? (await readKeyFile()) ?? (await makeKeyFile());
  const bytes = hkdfSync("sha256", material, "", `watchkeeper/${purpose}`, KEY_BYTES);
  return Buffer.from(bytes).toString("base64url");
}

/** Of either place, so that what the file's key sealed still opens once WATCHKEEPER_SECRET is set. */
async function findKey(id: string): Promise<Uint8Array> {
  const given = env.WATCHKEEPER_SECRET === undefined ? null : derive(env.WATCHKEEPER_SECRET);
  if (given?.id === id) return given.key;
  const material = await readKeyFile();
  const stored = material === null ? null : derive(material);
  if (stored?.id === id) return stored.key;
  throw lost(id);
}

function derive(material: string | Uint8Array): Key {
  const part = (purpose: string, length: number) =>
    new Uint8Array(hkdfSync("sha256", material, "", `watchkeeper/${purpose}`, length));
  const id = Buffer.from(part("sealing-key-id", 4)).toString("hex");
  return { id, key: part("sealing-key", KEY_BYTES) };
}

const keyFile = () => join(env.WATCHKEEPER_DATA, "secret");

async function readKeyFile(): Promise<Uint8Array | null> {
  const key = await readFile(keyFile()).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw unreadable(error);
  });
  if (key !== null && key.length !== KEY_BYTES) throw unreadable();
  return key;
}

/** Whole or not at all, and of several processes at once the first one's stays. */
async function makeKeyFile(): Promise<Uint8Array> {
  const path = keyFile();
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    await mkdir(env.WATCHKEEPER_DATA, { recursive: true });
    await writeThrough(draft, randomBytes(KEY_BYTES));
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await unlink(draft);
  } catch (error) {
    await unlink(draft).catch(() => {});
    throw unreadable(error);
  }
  return (await readKeyFile()) ?? Promise.reject(unreadable());
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

const FILE = 'the file "secret" in the folder WATCHKEEPER_DATA';

function lost(id: string): AppError {
  return new AppError(
    "unavailable",
    `A stored secret cannot be opened: the key it was encrypted with (${id}) is not here. Set WATCHKEEPER_SECRET to what it was, or restore ${FILE}; or enter the secret again.`,
  );
}

function broken(): AppError {
  return new AppError(
    "unavailable",
    "A stored secret cannot be opened: it was changed, or belongs to another place. Enter it again.",
  );
}

function unreadable(cause?: unknown): AppError {
  return new AppError(
    "unavailable",
    `The key for stored secrets is not usable: ${FILE} cannot be read or written, or is not ${KEY_BYTES} bytes long. Make the folder writable and restore the file, or set WATCHKEEPER_SECRET.`,
    { cause },
  );
}
