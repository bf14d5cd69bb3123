// Live: tells open pages which sessions have changed, so that they ask again. Hints, no content.
// Written by: ingest and retention, with NOTIFY in the transaction that changes or removes a session.
// Read by: browsers, as server-sent events, and the connector, which tails what somebody looks at.
// Invariant: a hint may come late, twice or not at all; whoever may have missed one is told to look.
import { z } from "zod";

/** The channel of NOTIFY; its messages are `Change` as JSON. */
export const SESSIONS_CHANNEL = "watchkeeper_sessions";

/** `sessions`: their ids, or null for more than could be named. */
export const Change = z.object({
  workspace: z.string(),
  sessions: z.array(z.string()).nullable(),
});
export type Change = z.infer<typeof Change>;

/** The event `state`: whether changes are told from now on. True: look once, something may have been missed. */
export type StateHint = { live: boolean };

/** The event `changed`: `sessions` as in `Change`. */
export type ChangedHint = { sessions: string[] | null };
