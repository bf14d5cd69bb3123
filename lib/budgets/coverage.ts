/** An agent version with sessions that the platform does not stop at any cost. */
export type UncappedVersion = {
  id: string | null;
  name: string | null;
  version: string | number | null;
  sessions: number;
  uncapped: number;
  settled: number;
  p95Nanos: number | null;
  mostNanos: number;
};

const NANOS_PER_CENT = 10_000_000;
/** Of fewer sessions nobody knows what one in twenty costs. */
export const FEWEST_SETTLED = 20;
const ROOM = 1.5;

/**
 * A cap that a session as it should be does not reach: half as much again as what 95 of 100 stay below, in
 * whole cents, a cent at least. Null with fewer than twenty settled sessions.
 */
export function suggestedCents({ settled, p95Nanos }: UncappedVersion): number | null {
  if (settled < FEWEST_SETTLED || p95Nanos === null) return null;
  return Math.max(1, Math.ceil((p95Nanos * ROOM) / NANOS_PER_CENT));
}
