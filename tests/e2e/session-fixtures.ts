import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type APIRequestContext, expect, type PlaywrightWorkerArgs } from "@playwright/test";

export const HP05 = "sesn_01PoLyXtMEvXLpqyH1BZxyGj";
export const DC07 = "sesn_01TSJnECkJhCjwuChqTiN4LV";
const CHILD = "sthr_01LtcRnLENDyxP5RyrbVNP85";

type Json = Record<string, unknown>;
type Sent = { session_id: string; session_thread_id: string | null; event: Json };

const folder = join(process.cwd(), "tests/data/managed-agents");
const linesOf = (file: string): Json[] =>
  readFileSync(join(folder, file), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Json);

type Playwright = PlaywrightWorkerArgs["playwright"];

/** Calls the API as the signed-in browser does: with its cookie, from its own site. */
export function signedIn(playwright: Playwright, baseURL = ""): Promise<APIRequestContext> {
  return playwright.request.newContext({
    baseURL,
    extraHTTPHeaders: { origin: new URL(baseURL).origin },
    storageState: "tests/.results/signed-in.json",
  });
}

export async function send(request: APIRequestContext, body: Json): Promise<void> {
  const answer = await request.post("/api/v1/ingest", { data: body });
  expect(answer.status(), await answer.text()).toBe(200);
  expect((await answer.json()).rejected).toEqual([]);
}

/** The recorded sessions, sent as a loop would send them. Sent again they change nothing. */
export async function sendRecorded(request: APIRequestContext): Promise<void> {
  const objects = JSON.parse(readFileSync(join(folder, "sessions.json"), "utf8")) as {
    sessions: Json[];
    threads: Json[];
  };
  const of = (session_id: string, session_thread_id: string | null, file: string): Sent[] =>
    linesOf(file).map((event) => ({ session_id, session_thread_id, event }));
  await send(request, {
    source: "push",
    sessions: objects.sessions,
    threads: objects.threads,
    events: [
      ...of(HP05, null, "hp-05-coordinator.primary.jsonl"),
      ...of(HP05, CHILD, `hp-05-coordinator.${CHILD}.jsonl`),
      ...of(DC07, null, "dc-07.primary.jsonl"),
    ],
  });
}

const START_MS = Date.UTC(2026, 10, 20, 8, 0, 0);
const iso = (ms: number) => new Date(ms).toISOString();
const text = (words: string) => [{ type: "text", text: words }];

type Clock = { ms: number; id: number };

/** One turn of a busy agent: requests, tools, now and then an approval, an error, a long answer. */
function turnOf(sessionId: string, turn: number, clock: Clock): Json[] {
  const events: Json[] = [];
  const add = (type: string, afterMs: number, more: Json = {}): string => {
    clock.ms += afterMs;
    clock.id += 1;
    const id = `${sessionId}-e${clock.id}`;
    events.push({ id, type, processed_at: iso(clock.ms), ...more });
    return id;
  };
  add("session.status_running", 500);
  add("user.message", 1, { content: text(`Task ${turn}: look into the build of module ${turn}.`) });
  for (let round = 0; round < 6; round += 1) {
    const start = add("span.model_request_start", 20);
    if (round === 0) add("agent.message", 900, { content: text(`Looking at **module ${turn}**.`) });
    const asks = turn % 40 === 0 && round === 3;
    const use = add("agent.tool_use", 700, {
      name: round % 2 === 0 ? "bash" : "read",
      input: { command: `cat src/module-${turn}/file-${round}.ts` },
      evaluated_permission: asks ? "ask" : "allow",
    });
    add("span.model_request_end", 1, {
      model_request_start_id: start,
      is_error: false,
      model_usage: {
        input_tokens: 900 + round,
        output_tokens: 120,
        cache_read_input_tokens: 8000 + 10 * turn,
        cache_creation_input_tokens: 300,
      },
    });
    if (asks) add("user.tool_confirmation", 90_000, { tool_use_id: use, result: "allow" });
    add("agent.tool_result", 250, {
      tool_use_id: use,
      is_error: turn % 25 === 7 && round === 5,
      content: text(`export const part${round} = ${"0123456789 ".repeat(20 + ((turn * 7) % 60))};`),
    });
  }
  if (turn % 100 === 50)
    add("session.error", 100, {
      error: {
        type: "model_overloaded_error",
        message: `needle-${turn}: the model is overloaded`,
        retry_status: { type: "retrying" },
      },
    });
  add("agent.message", 400, {
    content: text(`Done with ${turn}.\n\n- read 6 files\n- found nothing`),
  });
  add("session.status_idle", 50, { stop_reason: { type: "end_turn" } });
  return events;
}

/** A session of at least `count` events, and how many it has. */
export async function sendLong(
  request: APIRequestContext,
  sessionId: string,
  count: number,
): Promise<number> {
  const clock: Clock = { ms: START_MS, id: 0 };
  const all: Json[] = [];
  for (let turn = 1; all.length < count; turn += 1) all.push(...turnOf(sessionId, turn, clock));
  const session = {
    id: sessionId,
    type: "session",
    title: "A long session",
    status: "idle",
    environment_id: "env_long",
    agent: { id: "agent_long", name: "builder", version: 3, model: { id: "claude-haiku-4-5" } },
    metadata: { size: "long" },
    usage: {},
    stats: {},
    created_at: iso(START_MS),
    updated_at: iso(clock.ms),
    archived_at: null,
  };
  for (let at = 0; at < all.length; at += 5000) {
    await send(request, {
      source: "push",
      sessions: at === 0 ? [session] : [],
      events: all
        .slice(at, at + 5000)
        .map((event) => ({ session_id: sessionId, session_thread_id: null, event })),
    });
  }
  return all.length;
}
