/** Something that was to be told by a webhook, or that one told; `type` is the webhook's. */
export type Told = { sessionId: string; threadId: string | null; type: string; atUs: number };

/** `processed_at` and a delivery's `created_at` tell of one instant, by two servers' clocks: the nearer, the sooner joined. */
const TOLERANCES_US = [1_000, 50_000, 2_000_000, 60_000_000];

/**
 * Those of `expected` that no delivery told of, in their order. A delivery tells of one event: of the
 * same session, thread and type, at its time. The nearest are joined first, so that of several events
 * close together the right one is named as missed.
 */
export function missedOf<T extends Told>(expected: readonly T[], came: readonly Told[]): T[] {
  const deliveries = grouped(came);
  const missed = new Set<T>();
  for (const [key, events] of grouped(expected)) {
    let left: { events: readonly T[]; told: readonly Told[] } = {
      events,
      told: deliveries.get(key) ?? [],
    };
    for (const tolerance of TOLERANCES_US) left = unjoined(left, tolerance);
    for (const event of left.events) missed.add(event);
  }
  return expected.filter((event) => missed.has(event));
}

/** Lists by what they are about, each by time. */
function grouped<T extends Told>(list: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of [...list].sort((a, b) => a.atUs - b.atUs)) {
    const key = JSON.stringify([one.sessionId, one.threadId, one.type]);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/** Joins along both lists, which are by time: each event with the earliest delivery that may be its own. */
function unjoined<T extends Told>(
  { events, told }: { events: readonly T[]; told: readonly Told[] },
  toleranceUs: number,
) {
  const free: Told[] = [];
  const rest: T[] = [];
  let next = 0;
  for (const event of events) {
    for (let one = told[next]; one && one.atUs < event.atUs - toleranceUs; one = told[++next])
      free.push(one);
    const found = told[next];
    if (found && found.atUs <= event.atUs + toleranceUs) next++;
    else rest.push(event);
  }
  return { events: rest, told: [...free, ...told.slice(next)] };
}
