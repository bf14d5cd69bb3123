/**
 * Requests each connection made within the last minute, by id; those that made none may be left out.
 * Nothing counts them yet: the sync's read budget will.
 */
export async function readReadsLastMinute(_ids: string[]): Promise<Map<string, number>> {
  return new Map();
}
