import { AsyncLocalStorage } from "node:async_hooks";
import { clientAddress } from "@/lib/http/client-address";
import type { Actor } from "./schema";

/** Who a request comes from, and from where: kept beside the call so that no service has to hand it on. */
export type Origin = {
  /** Asked for only when something is recorded; null where nobody was let in. */
  actor: (() => Promise<Actor>) | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
  /** What lets them do it that their role does not: told with every reason. */
  because: string | null;
  /** Whether the call has recorded anything: set by `record`. */
  isRecorded: boolean;
};

// One a process, also where the bundler gives each route its own copy of this module.
const kept = globalThis as { watchkeeperOrigin?: AsyncLocalStorage<Origin> };
kept.watchkeeperOrigin ??= new AsyncLocalStorage<Origin>();
const storage = kept.watchkeeperOrigin;

/** All that is recorded within comes from there. */
export const within = <T>(origin: Origin, work: () => T): T => storage.run(origin, work);

export const currentOrigin = (): Origin | null => storage.getStore() ?? null;

export function originOf(
  headers: Headers,
  { actor, requestId, because }: Pick<Origin, "actor" | "requestId" | "because">,
): Origin {
  const clipped = (name: string, most: number) => headers.get(name)?.slice(0, most) ?? null;
  return {
    ...{ actor, requestId, because, isRecorded: false },
    ip: clientAddress(headers) ?? clipped("x-forwarded-for", 100),
    userAgent: clipped("user-agent", 200),
  };
}

/** For commands: what somebody at the machine does. */
export const commandOrigin = (command: string): Origin => ({
  ...{ ip: null, userAgent: null, requestId: null, because: null, isRecorded: false },
  actor: async () => ({ kind: "system", id: null, label: command }),
});
