// Retention: taking stored data away again, in batches, with all that belongs to it.
// Asked for by: removing a connection with its data, a session the platform deleted, removing the demo, the clock. Read by nobody.
// Invariant: a session goes whole, in one transaction: its events, spans, words, threads, state and row.

/** Which sessions: those of one source, or of one connection, or one of them alone. */
export type SessionsOf = { workspace: string } & (
  | { source: string }
  | { connectionId: string; sessionId?: string }
);
