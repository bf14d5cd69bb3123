import { base32, codeAt, stepAt } from "@/lib/auth/totp";

const ALPHABET = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"];

/** What an app makes of a key that was typed or scanned. */
function keyOf(text: string): Uint8Array {
  const bits = [...text].map((sign) => ALPHABET.indexOf(sign).toString(2).padStart(5, "0"));
  const bytes = bits.join("").match(/.{8}/g) ?? [];
  const key = Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
  if (base32(key) !== text) throw new Error(`"${text}" is no key in base32.`);
  return key;
}

/** What the app shows, so many half-minutes from now. */
export const codeOf = (key: string, off = 0, nowMs = Date.now()): string =>
  codeAt(keyOf(key), stepAt(nowMs) + off);
