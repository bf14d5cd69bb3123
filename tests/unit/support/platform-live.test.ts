import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { simulateFleet } from "@/lib/demo/simulate";
import { stepsOf } from "@/tests/support/platform/fleet";
import {
  agentObject,
  deploymentObject,
  eventObject,
  runObject,
  sdkFor,
  sessionObject,
  threadObject,
} from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;

let platform: Platform;
let sdk: ReturnType<typeof sdkFor>;
let sink: Sink;

beforeEach(async () => {
  platform = await startPlatform({ pingMs: 20, webhookBackoffMs: 5 });
  sdk = sdkFor(platform);
  sink = await startSink();
  platform.putSession(sessionObject("sesn_A"));
  platform.putThread(threadObject("sthr_A", "sesn_A"));
  platform.putThread(threadObject("sthr_child", "sesn_A", "sthr_A"));
});
afterEach(async () => {
  await platform.close();
  await sink.close();
});

type Sink = {
  url: string;
  got: { headers: Record<string, string>; body: string }[];
  /** Statuses of the next answers; 204 when there are none left. */
  statuses: number[];
  close(): Promise<void>;
};

async function startSink(): Promise<Sink> {
  const got: Sink["got"] = [];
  const statuses: number[] = [];
  const server: Server = createServer(async (request, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString(),
    });
    answer.writeHead(statuses.shift() ?? 204, { location: "/elsewhere" }).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url, got, statuses, close };
}

/** Reads a stream in the background until it ends. */
async function tail(open: PromiseLike<AsyncIterable<object>>) {
  const events: object[] = [];
  const stream = await open;
  const ended = (async () => {
    for await (const event of stream) events.push(event);
    return events;
  })();
  return { events, ended };
}

it("streams what happens after it was opened, until the session is deleted", async () => {
  const early = eventObject("early", "agent.message", "10:00:01");
  platform.appendEvent("sesn_A", null, early);
  const own = await tail(sdk.beta.sessions.events.stream("sesn_A"));
  const child = await tail(
    sdk.beta.sessions.threads.events.stream("sthr_child", { session_id: "sesn_A" }),
  );
  const queued = eventObject("m", "user.message", null);
  const taken = eventObject("m", "user.message", "10:00:02");
  const inChild = eventObject("s", "span.model_request_start", "10:00:03");
  platform.appendEvent("sesn_A", null, queued);
  platform.appendEvent("sesn_A", "sthr_child", inChild);
  platform.appendEvent("sesn_A", null, taken);
  await new Promise((done) => setTimeout(done, 50));
  platform.deleteSession("sesn_A");
  const end = { id: expect.any(String), type: "session.deleted", processed_at: expect.any(String) };
  expect(await own.ended).toEqual([queued, taken, end]);
  expect(await child.ended).toEqual([inChild, end]);
  expect(platform.streams.open).toBe(0);
});

it("writes pings, and the type as the event's name", async () => {
  const answer = await fetch(`${platform.url}/v1/sessions/sesn_A/events/stream`, {
    headers: {
      authorization: `Bearer ${platform.apiKey}`,
      "anthropic-beta": "managed-agents-2026-04-01",
    },
  });
  setTimeout(() => {
    platform.appendEvent("sesn_A", null, eventObject("e", "agent.thinking", "10:00:01"));
    platform.deleteSession("sesn_A");
  }, 60);
  const text = await answer.text();
  expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(text.match(/^event: ping$/gm)?.length).toBeGreaterThan(1);
  expect(text).toContain('event: agent.thinking\ndata: {"id":"e","type":"agent.thinking"');
  const odd = { event_deltas: ["agent.tool_use"] } as object;
  await expect(sdk.beta.sessions.events.stream("sesn_A", odd)).rejects.toThrow(/400/);
});

it("cuts streams when told to, and by chance", async () => {
  const first = await tail(sdk.beta.sessions.events.stream("sesn_A"));
  expect(platform.streams.cut()).toBe(1);
  await expect(first.ended).rejects.toThrow();
  platform.faults = { cutStream: 1 };
  const second = await tail(sdk.beta.sessions.events.stream("sesn_A"));
  platform.appendEvent("sesn_A", null, eventObject("e", "agent.thinking", "10:00:01"));
  await expect(second.ended).rejects.toThrow();
});

it("sends no events of an archived session", async () => {
  const own = await tail(sdk.beta.sessions.events.stream("sesn_A"));
  platform.archive("sesn_A");
  platform.appendEvent("sesn_A", null, eventObject("late", "agent.message", "10:00:05"));
  await new Promise((done) => setTimeout(done, 50));
  expect(own.events).toMatchObject([{ type: "session.status_terminated" }]);
  expect(await sdk.beta.sessions.retrieve("sesn_A")).toMatchObject({ status: "terminated" });
  platform.streams.cut();
  await own.ended.catch(() => {});
});

it("tells of every documented change, signed so that the SDK accepts it", async () => {
  platform.webhooks.subscribe({ url: sink.url, secret: SECRET });
  const idle = (type: string, id: string) =>
    eventObject(id, "session.status_idle", "10:00:09", { stop_reason: { type } });
  const about = { session_thread_id: "sthr_child", agent_name: "a" };
  const append = (event: object) => platform.appendEvent("sesn_A", null, event);
  append(eventObject("1", "session.status_running", "10:00:01"));
  append(eventObject("2", "session.thread_created", "10:00:02", about));
  append(eventObject("3", "session.thread_status_idle", "10:00:03", about));
  append(
    eventObject("4", "session.thread_status_idle", "10:00:04", { session_thread_id: "sthr_A" }),
  );
  append(idle("budget_reached", "5"));
  append(idle("budget_reached", "6"));
  append(idle("budget_reached", "6"));
  platform.putAgent(agentObject("agent_A", 1));
  platform.putAgent(agentObject("agent_A", 2));
  platform.putDeployment(deploymentObject("depl_A"));
  platform.putDeployment(deploymentObject("depl_A", { status: "paused" }));
  platform.putRun(runObject("drun_A"));
  platform.putRun(runObject("drun_M", { trigger_context: { type: "manual" } }));
  platform.archive("sesn_A");
  platform.deleteSession("sesn_A");
  await platform.webhooks.settled();
  const events = sink.got
    .map(({ body, headers }) => sdk.beta.webhooks.unwrap(body, { headers, key: SECRET }))
    .sort((a, b) => a.id.localeCompare(b.id));
  expect(events.map(({ data }) => [data.type, data.id])).toEqual([
    ["session.status_run_started", "sesn_A"],
    ["session.thread_created", "sesn_A"],
    ["session.thread_idled", "sesn_A"],
    ["session.status_idled", "sesn_A"],
    ["session.budget_reached", "sesn_A"],
    ["session.status_idled", "sesn_A"],
    ["agent.created", "agent_A"],
    ["agent.updated", "agent_A"],
    ["deployment.created", "depl_A"],
    ["deployment.paused", "depl_A"],
    ["deployment_run.started", "drun_A"],
    ["deployment_run.succeeded", "drun_A"],
    ["session.status_terminated", "sesn_A"],
    ["session.deleted", "sesn_A"],
  ]);
  expect(events[2]?.data).toMatchObject({ session_thread_id: "sthr_child" });
  expect(events[0]).toMatchObject({ type: "event", data: { workspace_id: platform.workspaceId } });
});

it("tries three times, and never again after a redirect", async () => {
  const endpoint = platform.webhooks.subscribe({ url: sink.url, secret: SECRET });
  sink.statuses.push(500, 503, 500);
  platform.webhooks.emit({ type: "vault.created", id: "vlt_A" });
  await platform.webhooks.settled();
  expect(platform.webhooks.deliveries.map(({ attempt, status }) => [attempt, status])).toEqual([
    [1, 500],
    [2, 503],
    [3, 500],
  ]);
  sink.statuses.push(308);
  platform.webhooks.emit({ type: "vault.created", id: "vlt_B" });
  await platform.webhooks.settled();
  platform.webhooks.emit({ type: "vault.created", id: "vlt_C" });
  expect([endpoint.disabledReason, sink.got.length]).toEqual([expect.stringContaining("308"), 4]);
});

it("loses, doubles, reorders, forges and ages deliveries when told to", async () => {
  platform.webhooks.subscribe({ url: sink.url, secret: SECRET });
  const send = async (faults: Platform["webhooks"]["faults"] | object, count = 1) => {
    sink.got.length = 0;
    platform.webhooks.faults = faults;
    for (let i = 0; i < count; i++)
      platform.webhooks.emit({ type: "session.updated", id: `s${i}` });
    await platform.webhooks.settled();
    return sink.got.map(({ headers }) => headers["webhook-id"]);
  };
  const check = () => {
    const { body, headers } = sink.got[0] ?? { body: "", headers: {} };
    return sdk.beta.webhooks.unwrap(body, { headers, key: SECRET });
  };
  expect(await send({ lose: 1 })).toEqual([]);
  const [one, two] = await send({ duplicate: 1 });
  expect(one).toBe(two);
  const shuffled = await send({ reorder: 0.5, reorderMs: 60 }, 12);
  expect(shuffled).not.toEqual([...shuffled].sort());
  await send({ wrongSignature: 1 });
  expect(check).toThrow(/signature/i);
  await send({ oldTimestamp: 1 });
  expect(check).toThrow(/timestamp/i);
});

it("plays a simulated session until it is what the simulator states", async () => {
  const nowUs = Date.UTC(2026, 10, 20) * 1_000;
  for (const demo of simulateFleet({ seed: "play", days: 3, sessions: 12, nowUs })) {
    for (const step of stepsOf(demo)) step.happen(platform);
    const mine = (row: { session_id: string }) => row.session_id === demo.session.id;
    const { sessions, events } = platform.snapshot();
    expect(sessions).toContainEqual(demo.session);
    const key = (row: { session_thread_id: string | null; event: object }) =>
      JSON.stringify([row.session_thread_id, row.event]);
    expect(events.filter(mine).map(key).sort()).toEqual(demo.events.map(key).sort());
  }
});
