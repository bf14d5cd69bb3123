import { record } from "@/lib/audit/service";
import { seal, unseal } from "@/lib/auth/sealing";
import { prisma } from "@/lib/db/client";
import { logger } from "@/lib/http/logger";
import { openOutbound } from "@/lib/http/outbound";
import { checkUrl } from "./places-service";
import type { NewPulse, Pulse } from "./pulse-schema";
import { claimPulses, markPulse, readPulse, type StoredPulse, writePulse } from "./pulse-store";

/** Rounds come as ticks do, up to one a second; whoever watches the pulse awaits it by the minute. */
const EVERY_MS = 50_000;
const TIMEOUT_MS = 10_000;
const MOST_BYTES = 64 << 10;

const place = (workspace: string) => `pulse/${workspace}`;

export async function readItem(workspace: string): Promise<Pulse> {
  return itemOf(await readPulse(workspace));
}

/** Throws `invalid` for an address that may not be called. */
export async function savePulse(workspace: string, { url }: NewPulse): Promise<Pulse> {
  if (url !== null) await checkUrl(url);
  const stored = url === null ? null : await storedOf(workspace, url);
  await prisma.$transaction(async (tx) => {
    const before = { pulse: (await readPulse(workspace, tx))?.shown ?? null };
    await writePulse(workspace, stored, tx);
    const after = { pulse: stored?.shown ?? null };
    await record(tx, workspace, { action: "notify_settings.changed", before, after });
  });
  return itemOf(stored);
}

async function storedOf(workspace: string, url: string): Promise<StoredPulse> {
  const { origin, pathname } = new URL(url);
  return {
    sealed: await seal(url, place(workspace)),
    shown: pathname.length > 1 ? `${origin}/…${pathname.slice(-4)}` : origin,
    ...{ calledAt: null, ok: null, text: null },
  };
}

/** After a round of evaluation: calls what was not called for a minute. What goes wrong is kept to be seen. */
export async function sendPulses(now: Date): Promise<void> {
  const due = await claimPulses({ before: new Date(now.getTime() - EVERY_MS), now });
  await Promise.all(due.map(sendOne));
}

async function sendOne({ workspace, sealed }: { workspace: string; sealed: string }) {
  const call = openOutbound({ timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES });
  const outcome = await unseal(sealed, place(workspace))
    .then((url) => call(url))
    .then(
      async (response) => {
        await response.body?.cancel();
        return { ok: response.ok, text: `answered ${response.status}` };
      },
      (error: Error) => ({ ok: false, text: error.message }),
    );
  if (!outcome.ok) logger.warn({ workspace, reason: outcome.text }, "the pulse was not taken");
  await markPulse({ workspace, sealed }, outcome);
}

const itemOf = (stored: StoredPulse | null): Pulse => ({
  url: stored?.shown ?? null,
  called_at: stored?.calledAt ?? null,
  ok: stored?.ok ?? null,
  text: stored?.text ?? null,
});
