import { createHash } from "node:crypto";
import type { Labels } from "./schema";

/** Names a label set: the same labels in any order give the same. */
export function fingerprintOf(labels: Labels): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 20);
}
