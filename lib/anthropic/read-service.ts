import { setTimeout as sleep } from "node:timers/promises";
import type Anthropic from "@anthropic-ai/sdk";
import { openAdminKey, openApiKey } from "@/lib/connections/keys-service";
import { type ConnectionRow, updateConnection } from "@/lib/connections/store";
import { prisma } from "@/lib/db/client";
import { openOutbound } from "@/lib/http/outbound";
import { blockReads, clearRefusals, type Reader, takeRead } from "./budget-store";
import { openClient } from "./client";
import { paceOf, verdictOf } from "./pace";

/** The connection is paused, failed or gone: nothing more is to be read of it now. */
export class ReadingStopped extends Error {
  override name = "ReadingStopped";
}

const outbound = openOutbound();
/** For streams, which last as long as somebody looks. */
const endless = openOutbound({ timeoutMs: null, maxBytes: null });

/**
 * The SDK for a connection, every request of it within the connection's read budget, its own retries
 * included. `urgent`: somebody waits for it, it goes before work in the background. `streams`: its
 * answers may be without end.
 */
export async function openReader(
  connection: ConnectionRow,
  { urgent, streams = false }: { urgent: boolean; streams?: boolean },
): Promise<Anthropic> {
  const reader = { workspace: connection.workspace, connectionId: connection.id };
  const untilTurn = turnsOf(connection, urgent);
  let workspace = connection.remoteWorkspaceId;
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const refusals = await untilTurn(init?.signal ?? null);
    const response = await (streams ? endless : outbound)(url, init);
    workspace = await sameWorkspace(connection, workspace, response);
    const isRefusal = await obey(reader, response, refusals);
    if (refusals > 0 && response.ok) await clearRefusals(reader);
    return isRefusal ? unrepeated(response) : response;
  };
  return openClient({ baseUrl: connection.baseUrl, apiKey: await openApiKey(connection), fetch });
}

/**
 * The SDK with the connection's Admin key, within the same read budget, after everything else. Its
 * answers are the organization's: they say nothing of the workspace, and a refusal of theirs stops
 * no other reading. Throws `ReadingStopped` when there is no such key.
 */
export async function openAdminReader(connection: ConnectionRow): Promise<Anthropic> {
  const untilTurn = turnsOf(connection, false);
  const apiKey = await openAdminKey(connection);
  if (apiKey === null) throw new ReadingStopped();
  const fetch: typeof globalThis.fetch = async (url, init) => {
    await untilTurn(init?.signal ?? null);
    return outbound(url, init);
  };
  return openClient({ baseUrl: connection.baseUrl, apiKey, fetch });
}

/**
 * The platform names the workspace that served a call: remembered at the first, and the same for
 * good, so that a key of another workspace never mixes its sessions with these.
 */
async function sameWorkspace(
  connection: ConnectionRow,
  known: string | null,
  response: Response,
): Promise<string | null> {
  const named = response.headers.get("anthropic-workspace-id");
  if (named === null || named === known) return known;
  if (known === null) {
    const key = { workspace: connection.workspace, id: connection.id };
    await updateConnection(prisma, key, { remoteWorkspaceId: named });
    return named;
  }
  await failConnection(
    connection,
    `The key reads the workspace ${named}, and this connection holds the sessions of ${known}. Enter a key of that workspace, or make a second connection.`,
  );
  throw new ReadingStopped();
}

/** Each call waits until a read may go out, and tells how many in a row had been refused before it. */
function turnsOf(connection: ConnectionRow, urgent: boolean) {
  const reader = { workspace: connection.workspace, connectionId: connection.id };
  const pace = paceOf(connection.readsPerMinute);
  return async (signal: AbortSignal | null): Promise<number> => {
    const wait = (ms: number) => sleep(ms, undefined, signal ? { signal } : {});
    const turn = await inLine(`${connection.id} ${urgent}`, async () => {
      for (;;) {
        signal?.throwIfAborted();
        const answer = await takeRead(reader, pace, urgent);
        if (answer.kind === "stopped") throw new ReadingStopped();
        if (answer.kind === "go") return answer;
        // A pause or a change of the budget is noticed within seconds.
        await wait(Math.min(answer.waitMs, 5_000));
      }
    });
    await wait(turn.waitMs);
    return turn.refusals;
  };
}

const lines = new Map<string, Promise<unknown>>();

/** One of this process after the other: all at once would ask the database in vain, all but one. */
function inLine<T>(line: string, work: () => Promise<T>): Promise<T> {
  const mine = (lines.get(line) ?? Promise.resolve()).then(work);
  lines.set(
    line,
    mine.catch(() => {}),
  );
  return mine;
}

/** Takes an answer's meaning for all who read the connection; true for one that refuses. */
async function obey(reader: Reader, response: Response, refusals: number): Promise<boolean> {
  const refused = response.status === 429;
  const errorCode = refused ? await errorCodeOf(response.clone()) : null;
  const verdict = verdictOf(
    { status: response.status, header: (name) => response.headers.get(name), errorCode },
    refusals,
    Date.now(),
  );
  if (verdict.kind === "wait") await blockReads(reader, verdict.ms, refused);
  return verdict.kind === "stop" || refused;
}

async function errorCodeOf(response: Response): Promise<string | null> {
  const body = (await response.json().catch(() => null)) as {
    error?: { details?: { error_code?: unknown } };
  } | null;
  const code = body?.error?.details?.error_code;
  return typeof code === "string" ? code : null;
}

/** The SDK would try again by itself; who waits for how long is the budget's to say. */
function unrepeated(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("x-should-retry", "false");
  return new Response(response.body, { status: response.status, headers });
}

/** Stops a connection by itself, with the reason that people see. */
export async function failConnection(connection: ConnectionRow, reason: string): Promise<void> {
  const key = { workspace: connection.workspace, id: connection.id };
  await updateConnection(prisma, key, { state: "failed", stateReason: reason });
}
