import type { Message } from "./schema";
import type { Told } from "./told";

/** Whose openings this message closes. */
export const closedIds = ({ closed }: Message): string[] => closed.map(({ id }) => id);

/** What of a message remains to be told, when openings that were never told need no close; null for nothing. */
export function remaining(message: Message, isTold: (id: string) => boolean): Message | null {
  const closed = message.closed.filter(({ id }) => isTold(id));
  if (message.firing.length === 0 && closed.length === 0) return null;
  return closed.length === message.closed.length ? message : { ...message, closed };
}

/** The newest message of a group, with the closes of those it takes the place of. */
export function combined(older: readonly Message[], newest: Message): Message {
  const known = new Set([...newest.firing, ...newest.closed].map(({ id }) => id));
  const more = older
    .toReversed()
    .flatMap(({ closed }) => closed)
    .filter(({ id }) => !known.has(id) && known.add(id));
  return more.length === 0 ? newest : { ...newest, closed: [...newest.closed, ...more] };
}

/** What a group is told once this message has arrived; `closed` is told no more. */
export function toldBy({ firing, closed }: Message): { firing: Told; closed: string[] } {
  const told = firing.map(({ id, content }) => {
    const status = content.status === "no_data" ? ("no_data" as const) : ("firing" as const);
    return [id, { status, severity: content.severity }] as const;
  });
  return { firing: Object.fromEntries(told), closed: closed.map(({ id }) => id) };
}

const FALLBACK = "fallback:";

/** The group, on another channel, of what this one could not deliver. */
export const fallbackKey = (channelId: string, groupKey: string) =>
  `${FALLBACK}${channelId}:${groupKey}`;
export const isFallback = (groupKey: string | null) => groupKey?.startsWith(FALLBACK) ?? false;
