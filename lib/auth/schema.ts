// Auth: who is calling, and what they may do. API keys for programs, a cookie for browsers.
// Written by: the first start, the set-up link, sign-in, and the keys API. Read by: every route and page.
// Invariant: of a key, a cookie or a set-up link only the SHA-256 is stored; none can be read back.
import { z } from "zod";

/**
 * `ingest` may send data and nothing else; `figures` sees figures, states and failures, and nothing of
 * what sessions said; `read` sees everything of its workspace; `write` reads and changes what people
 * set up (views, rules, channels); `admin` may do all of it, keys and people included.
 */
export const SCOPES = ["ingest", "figures", "read", "write", "admin"] as const;
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

export const FIRST_WORKSPACE = "default";

export type CallingPerson = { id: string; email: string; name: string };

/**
 * Whoever a request or page was let in for. `keyId` is null for a browser; `person` is null for a
 * key, and for a browser that came in with one.
 */
export type Caller = {
  workspace: string;
  scopes: readonly Scope[];
  via: "key" | "cookie";
  keyId: string | null;
  person: CallingPerson | null;
  /** By which key requests are counted, and how many a minute it was given (null: as every key). */
  pace: { keyId: string; perMinute: number | null } | null;
  /** A second factor is required of them and missing: all that is open is setting it up. */
  isHeld: boolean;
  /** Null for who may not open content, or sees it anyway. */
  breakGlass: { open: OpenBreakGlass | null } | null;
};

/** A break-glass that counts now. */
export type OpenBreakGlass = { id: string; reason: string; opened_at: string; until: string };

export const SESSION_COOKIE = "watchkeeper_session";
export const SESSION_DAYS = 30;
/** Of a browser that gave the right password and owes a code. */
export const STEP_COOKIE = "watchkeeper_step";
export const STEP_MINUTES = 10;
/** A set-up link that nobody used in this time is dead; the next start prints another. */
export const SETUP_LINK_HOURS = 24;
/** The request header in which proxy.ts tells pages their own path and query. */
export const PATH_HEADER = "x-watchkeeper-path";
