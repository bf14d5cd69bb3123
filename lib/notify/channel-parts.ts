import { z } from "zod";
import { type ChannelKind, SECRETS, SETTINGS } from "./channel-schema";

/** As people write them: new ones, null for none, nothing for what shall stay. */
export type WrittenSecrets = {
  url?: string;
  routing_key?: string;
  password?: string | null;
  token?: string | null;
  secret?: string | null;
  secrets?: string[];
  headers?: Record<string, string> | null;
};
export type Written = Record<string, unknown>;

const picked = (from: Written, names: readonly string[]): Written =>
  Object.fromEntries(
    names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])),
  );

/** What a channel is written with, apart: what may be shown, and what is sealed. */
export function partsOf(kind: ChannelKind, written: Written) {
  const shown = Object.keys(SETTINGS[kind].shape);
  const hidden = Object.keys(SECRETS[kind].shape);
  const settings: Written = SETTINGS[kind].parse(picked(written, shown));
  // Both sides have their forms from SECRETS, of whichever kind.
  return { settings, secrets: picked(written, hidden) as WrittenSecrets };
}

/** The fields of a kind, of which some are changed. */
export function changedFields(kind: ChannelKind, fields: Written) {
  const known = z.strictObject({ ...SETTINGS[kind].shape, ...SECRETS[kind].shape }).partial();
  const parsed = known.safeParse(fields);
  if (!parsed.success) return { kind: "wrong" as const, error: parsed.error };
  // Defaults are for a new one.
  return { kind: "good" as const, data: picked(parsed.data, Object.keys(fields)) };
}

const PLACES = ["host", "port", "url"] as const;
const SENT_ALONG = ["password", "token", "routing_key", "headers"] as const;

/**
 * The first stored secret that would be sent to another place than it was entered for and is not
 * entered again; null for none.
 */
export function strayingSecret(change: {
  before: Written;
  after: Written;
  stored: readonly string[];
  secrets: WrittenSecrets;
}): string | null {
  const { before, after, stored, secrets } = change;
  if (PLACES.every((place) => before[place] === after[place])) return null;
  return SENT_ALONG.find((name) => stored.includes(name) && secrets[name] === undefined) ?? null;
}
