// Anthropic: the connector. Reads the Managed Agents API of each connection and never writes to it.
// Written by: nobody but the platform. Read by: ingest, which takes what is read like any source.
// The worker reads lists; streams are held by the web process in which somebody looks at a session,
// for it alone knows at once when they have gone, and one of them by a claim in the database.
// Invariant: every call goes through the SDK on the outbound guard's fetch, and every call is a read.
import { z } from "zod";
import { ConnectionParams, NewConnection } from "@/lib/connections/schema";

/** What a connection would be made with, to see whether it works before it is saved. */
export const ConnectionTest = NewConnection.pick({ base_url: true, api_key: true }).meta({
  id: "ConnectionTest",
});
export type ConnectionTest = z.infer<typeof ConnectionTest>;

export const TEST_FAILURES = [
  "wrong_key",
  "no_access",
  "missing_beta",
  "network",
  "refused_address",
  "spend_limit",
  "billing",
  "rate_limited",
  "not_the_api",
] as const;
export type TestFailure = (typeof TEST_FAILURES)[number];

const seen = z.int().nullable().describe("on the first page, at most 100; null when not readable");

export const ConnectionTestAnswer = z
  .discriminatedUnion("ok", [
    z.object({
      ok: z.literal(true),
      workspace_id: z.string().nullable(),
      agents: seen,
      environments: seen,
      sessions: z.object({ seen: z.int(), more: z.boolean() }),
      newest_session_at: z.string().nullable(),
      missing: z.array(z.string()).describe("what the server leaves out or refuses, in words"),
    }),
    z.object({
      ok: z.literal(false),
      reason: z.enum(TEST_FAILURES),
      message: z.string(),
    }),
  ])
  .meta({ id: "ConnectionTestAnswer" });
export type ConnectionTestAnswer = z.infer<typeof ConnectionTestAnswer>;

export const WEBHOOK_MAX_BYTES = 256 * 1024;

export const WebhookParams = z.object({ connectionId: ConnectionParams.shape.id });

export const WebhookAnswer = z.object({ received: z.literal(true), repeat: z.boolean() });
export type WebhookAnswer = z.infer<typeof WebhookAnswer>;

const word = z.string().regex(/^\P{Cc}{1,200}$/u);

/** A delivery's body as far as we need it; everything else in it may come and go. */
export const WebhookBody = z.object({
  // An odd time spoils nothing: it is only shown.
  created_at: z.iso.datetime({ offset: true }).nullable().catch(null),
  data: z.object({ type: word, id: word, session_thread_id: word.nullish() }),
});
export type WebhookBody = z.infer<typeof WebhookBody>;
