import { UNKNOWN } from "@/lib/audit/schema";
import { record } from "@/lib/audit/service";
import { prisma } from "@/lib/db/client";
import { networkOf } from "@/lib/http/addresses";
import { countOne, deleteCount, takeOneBack } from "./attempts-store";
import { Email } from "./people-schema";
import { FIRST_WORKSPACE } from "./schema";
import { sha256 } from "./secrets";

const QUARTER_HOUR_S = 15 * 60;

const MOST = {
  /** Somebody who has forgotten a password, at one address, waits after these. */
  pair: 8,
  /** Many addresses at one account; wide, so that guessing keeps nobody from their own account soon. */
  email: 60,
  /** One address at many accounts: of IPv6 the network of 64 bits, which one household or server has. */
  address: 40,
  /** Many such networks that one provider gives to one customer. */
  site: 400,
  /** One browser in which that person has signed in before, wherever it is. */
  known: 8,
};
type Kind = keyof typeof MOST;

/** `email` is null where no account is named: by a key. `known`: see `readKnown`. */
type Attempt = { email: string | null; address: string | null; known?: string | null };

/** What is not known is not counted by itself: everybody would share it. No address is stored as it is. */
function keysOf({ email, address, known = null }: Attempt): { kind: Kind; key: string }[] {
  const keyOf = (kind: Kind, ...of: (string | null)[]) => ({
    kind,
    key: sha256(JSON.stringify([kind, ...of])),
  });
  if (known !== null) return [keyOf("known", email, known)];
  const network = address === null ? null : networkOf(address, 64);
  const site = address === null ? null : networkOf(address, 48);
  return [
    keyOf("pair", email, network),
    ...(email === null ? [] : [keyOf("email", email)]),
    ...(network === null ? [] : [keyOf("address", network)]),
    ...(site === null || site === network ? [] : [keyOf("site", site)]),
  ];
}

/**
 * Counts an attempt before it is judged, for all processes together. How many seconds to wait, or null
 * when it may be made. The first that may not is recorded, so that a lasting attack neither floods the
 * audit log nor falls silent in it.
 */
export async function countAttempt(attempt: Attempt): Promise<number | null> {
  for (const { kind, key } of keysOf(attempt)) {
    const { count, seconds } = await countOne(key, QUARTER_HOUR_S);
    if (count <= MOST[kind]) continue;
    if (count === MOST[kind] + 1) await recordLockOut(attempt, kind);
    return Math.max(1, seconds);
  }
  return null;
}

const OF_WHAT: Record<Kind, string> = {
  pair: "for one account from one place",
  email: "for one account from many places",
  address: "for many accounts from one place",
  site: "for many accounts from one site",
  known: "for one account in one browser",
};

async function recordLockOut({ email }: Attempt, kind: Kind): Promise<void> {
  // What is no address may be a password in the wrong field.
  const name = Email.safeParse(email).data ?? null;
  await record(prisma, FIRST_WORKSPACE, {
    ...{ action: "access.locked_out", actor: UNKNOWN, target: { id: null, name } },
    reason: `${MOST[kind]} attempts ${OF_WHAT[kind]}`,
  });
}

/** Each makes us call a provider; wide, for a whole office may come from one address. */
const STARTS_A_MINUTE = 120;

/** Whether one more way to a provider, or back from it, may be gone from this address now. */
export async function countStart(address: string | null): Promise<boolean> {
  if (address === null) return true;
  const { count } = await countOne(sha256(JSON.stringify(["start", networkOf(address, 64)])), 60);
  return count <= STARTS_A_MINUTE;
}

/** It was the right one: nothing is held against them. */
export async function forgetAttempts(attempt: Attempt): Promise<void> {
  for (const { kind, key } of keysOf(attempt))
    if (kind === "pair" || kind === "known") await deleteCount(key);
    else await takeOneBack(key);
}
