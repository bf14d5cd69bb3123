import { createHmac, timingSafeEqual } from "node:crypto";

// Codes of RFC 6238 as every authenticator app makes them: SHA-1, six digits, half a minute each.
const STEP_MS = 30_000;
const DIGITS = 6;
/** By so many steps the clock of a phone may be wrong. */
const SKEW = 1;

export const stepAt = (nowMs: number): number => Math.floor(nowMs / STEP_MS);

/** The code of one step (RFC 4226, 5.3). */
export function codeAt(key: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** The latest step around now that has this code, or null. */
export function stepOf(key: Uint8Array, code: string, nowMs: number): number | null {
  const now = stepAt(nowMs);
  const steps = Array.from({ length: 2 * SKEW + 1 }, (_, at) => now - SKEW + at);
  return steps.filter((step) => isSame(codeAt(key, step), code)).at(-1) ?? null;
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** As RFC 4648 has it, without padding: what apps read, and people can read out. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const fives = bits.match(/.{1,5}/g) ?? [];
  return fives.map((five) => ALPHABET[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/** What a QR code tells an app. The rest is what apps take for granted, and would make it finer. */
export function totpUri(key: Uint8Array, email: string): string {
  const issuer = "Watchkeeper";
  const params = new URLSearchParams({ secret: base32(key), issuer });
  return `otpauth://totp/${issuer}:${encodeURIComponent(email)}?${params}`;
}
