import Anthropic from "@anthropic-ai/sdk";
import { openApiKey } from "@/lib/connections/keys-service";
import type { ConnectionRow } from "@/lib/connections/store";
import { openOutbound } from "@/lib/http/outbound";
import { openClient } from "./client";
import { failureOf } from "./failure";

export type Sent =
  | { kind: "sent"; eventId: string }
  /** Worth another try, not before so long. */
  | { kind: "later"; error: string; waitMs: number }
  | { kind: "refused"; error: string };

/** Longer than that nobody waits for the answer; whoever sends holds the work for longer. */
export const ANSWER_MS = 30_000;
const outbound = openOutbound({ timeoutMs: ANSWER_MS });

/** The SDK for a connection, without tries of its own: every one is somebody's decision, and recorded. */
async function openWriter(connection: ConnectionRow): Promise<Anthropic> {
  const apiKey = await openApiKey(connection);
  return openClient({ baseUrl: connection.baseUrl, apiKey, fetch: outbound, maxRetries: 0 });
}

/** Sends `user.interrupt` to a session, once. It is the only thing that Watchkeeper ever sends to the platform. */
export async function sendInterrupt(connection: ConnectionRow, sessionId: string): Promise<Sent> {
  try {
    const client = await openWriter(connection);
    const { data } = await client.beta.sessions.events.send(sessionId, {
      events: [{ type: "user.interrupt" }],
    });
    const eventId = data?.[0]?.id;
    if (eventId) return { kind: "sent", eventId };
    return { kind: "refused", error: "The answer does not name the interrupt that was taken." };
  } catch (error) {
    return verdictOf(error, new URL(connection.baseUrl).host);
  }
}

/**
 * The newest interrupt that the session has had since then, or null: for whoever did not hear the
 * answer, and does not know whether it was taken.
 */
export async function findInterrupt(
  connection: ConnectionRow,
  sessionId: string,
  sinceMs: number,
): Promise<Sent | null> {
  try {
    const client = await openWriter(connection);
    const page = await client.beta.sessions.events.list(sessionId, {
      ...{ types: ["user.interrupt"], order: "desc", limit: 20 },
    });
    const isLater = (at: string | null | undefined) => at == null || Date.parse(at) >= sinceMs;
    const found = page.data.find(
      (event) => event.type === "user.interrupt" && isLater(event.processed_at),
    );
    return found ? { kind: "sent", eventId: found.id } : null;
  } catch (error) {
    return verdictOf(error, new URL(connection.baseUrl).host);
  }
}

const SHORT_MS = 5_000;
const MOST_WAIT_MS = 600_000;

function verdictOf(error: unknown, host: string): Sent {
  if (!(error instanceof Anthropic.APIError) || typeof error.status !== "number") {
    const { reason, message } = failureOf(error, host);
    const isPassing = reason === "network" || reason === "rate_limited";
    return isPassing
      ? { kind: "later", error: message, waitMs: SHORT_MS }
      : { kind: "refused", error: message };
  }
  const { status } = error;
  const said = error.apiMessage ?? failureOf(error, host).message;
  const text = `${host} answered ${status}: ${said}`;
  if (status !== 429 && status < 500) return { kind: "refused", error: text };
  const seconds = Number(error.headers?.get("retry-after") ?? "");
  const waitMs = seconds > 0 ? Math.min(seconds * 1_000, MOST_WAIT_MS) : SHORT_MS;
  return { kind: "later", error: text, waitMs };
}
