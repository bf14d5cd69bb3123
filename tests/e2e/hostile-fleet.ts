import { type APIRequestContext, expect } from "@playwright/test";
import { deploymentObject, environmentObject, runObject } from "@/tests/support/platform/objects";
import { everything, KINDS, named, said } from "./hostile-corpus";
import { eventsOf } from "./hostile-events";

/** Says nothing, and is there to be erased. */
export const ERASED = "sesn_gone";
export const sessionIdOf = (at: number) => `sesn_hostile${String(at).padStart(2, "0")}`;
export const agentIdOf = (at: number) => named("agent id", at);

const agentOf = (at: number, version: number) => ({
  ...{ id: agentIdOf(at), type: "agent", name: said("agent name", at), version },
  // Half of them cost something.
  model: { id: at % 2 === 0 ? "claude-haiku-4-5" : said("model", at) },
  description: said("agent description", at),
  system: `${version} ${said("system prompt", at)}`,
  tools: [
    {
      ...{ type: "custom", name: said("declared tool", at) },
      description: `${version} ${said("description of a tool", at)}`,
    },
  ],
  mcp_servers: [
    { name: said("declared server", at), type: "url", url: `javascript:owned(${version})` },
  ],
});

function sessionOf(at: number, nowMs: number) {
  const created_at = new Date(nowMs - 300_000 - at * 1_000).toISOString();
  return {
    ...{ id: sessionIdOf(at), type: "session", title: said("title", at) },
    ...{ created_at, updated_at: created_at },
    environment_id: named("environment id", at),
    deployment_id: named("deployment id", at),
    agent: agentOf(at, 1 + (at % 2)),
    metadata: {
      [said("metadata key", at, 64)]: said("metadata value", at),
      ...{ tenant: said("tenant", at), note: "x".repeat(500) },
    },
  };
}

/** A session for each kind of payload, with one in everything that has a name and all in what is long. */
export async function sendFleet(request: APIRequestContext): Promise<void> {
  const nowMs = Date.now();
  const all = KINDS.map((_, at) => at);
  const now = new Date(nowMs).toISOString();
  const answer = await request.post("/api/v1/ingest", {
    data: {
      sessions: [...all.map((at) => sessionOf(at, nowMs)), { id: ERASED, created_at: now }],
      events: all.flatMap((at) =>
        eventsOf(at, sessionIdOf(at), nowMs - 300_000 - at * 1_000).map((event) => ({
          session_id: sessionIdOf(at),
          event,
        })),
      ),
      agents: all.flatMap((at) => [1, 2].map((version) => agentOf(at, version))),
      environments: all.map((at) =>
        environmentObject(named("environment id", at), {
          name: said("environment name", at),
        }),
      ),
      deployments: all.map((at) =>
        deploymentObject(named("deployment id", at), {
          ...{ name: said("deployment name", at), status: "paused" },
          vault_ids: [`vlt_${at}`],
          paused_reason: {
            type: "error",
            error: { type: said("why it is paused", at), message: "x" },
          },
        }),
      ),
      deployment_runs: all.map((at) =>
        runObject(`drun_${at}`, {
          ...{ deployment_id: named("deployment id", at), session_id: null, created_at: now },
          error: { type: "unknown_error", message: said("message of a run", at) },
        }),
      ),
      vaults: all.map((at) => ({
        id: `vlt_${at}`,
        display_name: said("vault name", at),
      })),
    },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  expect((await answer.json()).rejected).toEqual([]);
}

/** What is refused, and kept as it came. */
export async function sendRejected(request: APIRequestContext): Promise<void> {
  const events = KINDS.map((_, at) => ({
    session_id: said("session of a rejected item", at),
    event: { id: 1, type: said("type of a rejected item", at), text: everything("rejected") },
  }));
  const answer = await request.post("/api/v1/ingest", { data: { events } });
  expect((await answer.json()).rejected).toHaveLength(KINDS.length);
}
