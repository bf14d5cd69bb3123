import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "@/lib/http/errors";
import { KEY_BYTES } from "./key-file";
import { currentKey, findKey, type MasterKey } from "./master-keys";

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * `s2.<id>.<data key>.<text>`: the text is encrypted with a key of its own, and that key with the
 * master key of that id, so that a rotation wraps the data key anew and leaves the text alone.
 * `s1.<id>.<iv>.<tag>.<text>`, as it was before, is encrypted with the master key itself, and is still read.
 */
type Sealed =
  | { version: "s2"; id: string; dataKey: Buffer; text: Buffer }
  | { version: "s1"; id: string; text: Buffer };

/**
 * Encrypts a secret for storage. `context` names the place it is stored in, such as
 * `connection/conn_1/api_key`: nowhere else can it be opened.
 */
export async function seal(plain: string, context: string): Promise<string> {
  const dataKey = randomBytes(KEY_BYTES);
  const text = encrypt(Buffer.from(plain, "utf8"), dataKey, `s2/${context}`);
  return written(await currentKey(), dataKey, text, context);
}

/**
 * Opens what `seal` made for the same context. Throws `unavailable` when the key it was made with is
 * not here any more, or when it was changed or moved.
 */
export async function unseal(sealed: string, context: string): Promise<string> {
  const parts = partsOf(sealed);
  const key = await findKey(parts.id);
  if (parts.version === "s1")
    return decrypt(parts.text, key.sealing, `s1/${parts.id}/${context}`).toString("utf8");
  const dataKey = decrypt(parts.dataKey, key.wrapping, wrapContext(key, context));
  return decrypt(parts.text, dataKey, `s2/${context}`).toString("utf8");
}

/** Encrypts much with one key of 32 bytes in base64url, which is itself stored as `seal` makes it. */
export const sealWith = (key: string, plain: string, context: string): string =>
  encrypt(Buffer.from(plain, "utf8"), bytes(key), `w1/${context}`).toString("base64url");

/** What `sealWith` made; null of what another key has sealed, or what was changed or moved. */
export function openWith(key: string, sealed: string, context: string): string | null {
  try {
    return decrypt(bytes(sealed), bytes(key), `w1/${context}`).toString("utf8");
  } catch {
    return null;
  }
}

/** The same secret for the present master key, in the present format. Throws as `unseal` does. */
export async function sealAnew(sealed: string, context: string): Promise<string> {
  const parts = partsOf(sealed);
  if (parts.version === "s1") return seal(await unseal(sealed, context), context);
  const key = await findKey(parts.id);
  const dataKey = decrypt(parts.dataKey, key.wrapping, wrapContext(key, context));
  return written(await currentKey(), dataKey, parts.text, context);
}

/** The id of the master key that opens it, and whether it has the present format; null of what is damaged. */
export function wrappingOf(sealed: string): { keyId: string; isPresent: boolean } | null {
  const parts = readParts(sealed);
  return parts && { keyId: parts.id, isPresent: parts.version === "s2" };
}

const wrapContext = ({ id }: MasterKey, context: string) => `s2/${id}/${context}`;

function written(key: MasterKey, dataKey: Buffer, text: Buffer, context: string): string {
  const wrapped = encrypt(dataKey, key.wrapping, wrapContext(key, context));
  return ["s2", key.id, wrapped.toString("base64url"), text.toString("base64url")].join(".");
}

function partsOf(sealed: string): Sealed {
  if (sealed === "") throw cleared();
  const parts = readParts(sealed);
  if (parts === null) throw broken();
  return parts;
}

function readParts(sealed: string): Sealed | null {
  const [version, id = "", one = "", two = "", three = "", ...more] = sealed.split(".");
  if (version === "s2" && three === "" && more.length === 0)
    return { version, id, dataKey: bytes(one), text: bytes(two) };
  if (version === "s1" && more.length === 0 && bytes(two).length === TAG_BYTES)
    return { version, id, text: Buffer.concat([bytes(one), bytes(two), bytes(three)]) };
  return null;
}

const bytes = (text: string) => Buffer.from(text, "base64url");

/** What it was begun with, what tells that it was not changed, and the text, in this order. */
function encrypt(plain: Buffer, key: Uint8Array, boundTo: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  cipher.setAAD(Buffer.from(boundTo));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

function decrypt(sealed: Buffer, key: Uint8Array, boundTo: string): Buffer {
  try {
    const iv = sealed.subarray(0, IV_BYTES);
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(boundTo));
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([
      decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)),
      decipher.final(),
    ]);
  } catch {
    throw broken();
  }
}

function broken(): AppError {
  return new AppError(
    "unavailable",
    "A stored secret cannot be opened: it was changed, or belongs to another place. Enter it again.",
  );
}

function cleared(): AppError {
  return new AppError(
    "unavailable",
    "A secret was cleared here when the key it was encrypted with was lost. Enter it again.",
  );
}
