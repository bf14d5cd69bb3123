import { createHash, createHmac } from "node:crypto";

/** What a session that is gone is known by: the workspace and connection are part of its name. */
export type GoneName = { workspace: string; connectionId: string; sessionId: string };

const plainHash = ({ workspace, connectionId, sessionId }: GoneName): string =>
  createHash("sha256").update(`${workspace}\n${connectionId}\n${sessionId}`).digest("hex");

/** Tells hashes that are keyed from those of earlier versions. */
const KEYED = "k1.";

/** Of a hash as it was stored before there was a key: what is stored now. */
export const keyedHash = (key: string, plain: string): string =>
  KEYED + createHmac("sha256", key).update(plain).digest("hex");

export const goneHash = (key: string, name: GoneName): string => keyedHash(key, plainHash(name));

/** Under which hashes a session may be stored: also as it was before there was a key, until those are keyed. */
export const possibleHashes = (key: string | null, name: GoneName): string[] => [
  ...(key === null ? [] : [goneHash(key, name)]),
  plainHash(name),
];

export const isKeyed = (hash: string): boolean => hash.startsWith(KEYED);

/** What an erased session is called where there has to be a name. */
export const erasedName = (hash: string): string =>
  `erased:${hash.replace(KEYED, "").slice(0, 16)}`;
