import { countOne, deleteCount, takeOneBack } from "./attempts-store";
import { sha256 } from "./secrets";

const QUARTER_HOUR_S = 15 * 60;

const MOST = {
  /** Somebody who has forgotten a password, at one address, waits after these. */
  pair: 8,
  /** Many addresses at one account; wide, so that guessing keeps nobody from their own account soon. */
  email: 60,
  /** One address at many accounts. */
  address: 40,
};
type Kind = keyof typeof MOST;

/** `email` is null where no account is named: by a key. */
type Attempt = { email: string | null; address: string | null };

/** What is not known is not counted by itself: everybody would share it. No address is stored as it is. */
function keysOf({ email, address }: Attempt): { kind: Kind; key: string }[] {
  const keyOf = (kind: Kind, ...of: (string | null)[]) => ({
    kind,
    key: sha256(JSON.stringify([kind, ...of])),
  });
  return [
    keyOf("pair", email, address),
    ...(email === null ? [] : [keyOf("email", email)]),
    ...(address === null ? [] : [keyOf("address", address)]),
  ];
}

/**
 * Counts an attempt before it is judged, for all processes together. How many seconds to wait, or null
 * when it may be made.
 */
export async function countAttempt(attempt: Attempt): Promise<number | null> {
  for (const { kind, key } of keysOf(attempt)) {
    const { count, seconds } = await countOne(key, QUARTER_HOUR_S);
    if (count > MOST[kind]) return Math.max(1, seconds);
  }
  return null;
}

/** Each makes us call a provider; wide, for a whole office may come from one address. */
const STARTS_A_MINUTE = 120;

/** Whether one more way to a provider, or back from it, may be gone from this address now. */
export async function countStart(address: string | null): Promise<boolean> {
  if (address === null) return true;
  const { count } = await countOne(sha256(JSON.stringify(["start", address])), 60);
  return count <= STARTS_A_MINUTE;
}

/** It was the right one: nothing is held against them. */
export async function forgetAttempts(attempt: Attempt): Promise<void> {
  for (const { kind, key } of keysOf(attempt))
    if (kind === "pair") await deleteCount(key);
    else await takeOneBack(key);
}
