import { prisma } from "@/lib/db/client";
import { leaveOutdated } from "./base-store";
import { inSlot } from "./slots";
import { readOutdated } from "./store";
import { writeLoads } from "./write-service";

const FOUND_AT_ONCE = 200;
/** In one transaction: what many small ones share is done once, and a few long ones still fit in memory. */
const REFOLDED_AT_ONCE = 10;

/** After an upgrade that changed the fold: derives every session it left behind anew. Returns how many. */
export async function refoldOutdated(now: Date): Promise<number> {
  let done = 0;
  await leaveOutdated(prisma);
  for (;;) {
    const outdated = await readOutdated(prisma, FOUND_AT_ONCE);
    for (let rest = outdated; rest.length > 0; ) {
      const isAlike = (key: SessionKey) =>
        key.workspace === rest[0]?.workspace && key.connectionId === rest[0]?.connectionId;
      const alike = rest.filter(isAlike).slice(0, REFOLDED_AT_ONCE);
      await refold(alike, now);
      rest = rest.filter((key) => !alike.includes(key));
    }
    done += outdated.length;
    if (outdated.length < FOUND_AT_ONCE) return done;
  }
}

type SessionKey = { workspace: string; connectionId: string; sessionId: string };

/** Sessions of one origin. */
async function refold(keys: readonly SessionKey[], now: Date): Promise<void> {
  const [first] = keys;
  if (!first) return;
  const sessions = keys.map(({ sessionId }) => ({
    ...{ sessionId, events: [], versions: [], threads: new Map() },
  }));
  const grouped = { sessions, loose: [], releases: [], repeated: 0 };
  const { workspace, connectionId } = first;
  // The source is only written where a session is made, and these are here.
  const origin = { workspace, connectionId, source: "push" as const };
  const load = { origin, grouped, rejected: [], masking: null, now };
  await inSlot({ connectionId }, () => writeLoads([load]));
}
