import { afterAll, beforeAll, expect, it } from "vitest";
import { takeHint } from "@/lib/anthropic/sync-service";
import { pool } from "@/lib/db/client";
import { env } from "@/lib/env";
import { bearer } from "@/tests/support/api";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { eventObject, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { startServer, type TestServer } from "@/tests/support/server";
import { until } from "@/tests/support/sync";

const SESSION = "sesn_shared";

let platform: Platform;
let headers: Record<string, string>;
const servers: TestServer[] = [];

beforeAll(async () => {
  allowLoopback();
  await truncateAll();
  headers = await bearer("admin");
  platform = await startPlatform({ readsPerMinute: null });
  const { id } = await connectTo(platform, headers, { reads_per_minute: 60_000 });
  const now = new Date().toISOString();
  const fields = { status: "running", created_at: now, updated_at: now };
  platform.putSession(sessionObject(SESSION, undefined, fields));
  say("session.status_running");
  const hint = { type: "session.updated", resourceId: SESSION, threadId: null, createdAt: null };
  await takeHint({ workspace: "default", connectionId: id, ...hint });
  for (let i = 0; i < 2; i++)
    servers.push(
      await startServer({
        databaseUrl: env.DATABASE_URL ?? "",
        env: {
          WATCHKEEPER_OUTBOUND_ALLOW: env.WATCHKEEPER_OUTBOUND_ALLOW ?? "",
          WATCHKEEPER_SECRET: env.WATCHKEEPER_SECRET ?? "",
        },
      }),
    );
});
afterAll(async () => {
  for (const server of servers) await server.kill();
  await platform.close();
});

let said = 0;

function say(type: string): string {
  const id = `sevt_${++said}`;
  const processed_at = new Date().toISOString();
  platform.appendEvent(SESSION, null, { ...eventObject(id, type, null), processed_at });
  return id;
}

/** Looks at the session in one of the processes; how much its page has been told. */
async function look({ url }: TestServer): Promise<() => string> {
  const answer = await fetch(`${url}/api/v1/sessions/${SESSION}/live`, { headers });
  expect(answer.status).toBe(200);
  let text = "";
  (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk, { stream: true });
  })().catch(() => {});
  return () => text;
}

const isHere = async (id: string) =>
  (await pool().query("select from event where id = $1", [id])).rowCount === 1;

it("is one stream whichever process somebody looks in, and goes on in another when one dies", async () => {
  const [one, other] = servers;
  if (!one || !other) throw new Error("There are two.");
  await look(one);
  await until(async () => platform.streams.open === 1);
  const told = await look(other);
  await until(async () => told().includes('"live":true'));
  const first = say("agent.message");
  await until(async () => (await isHere(first)) && told().includes("event: changed"));
  expect(platform.requests.counts.get("GET /v1/sessions/{id}/events/stream")).toBe(1);

  await one.kill();
  await until(async () => platform.streams.open === 0);
  const missed = say("agent.message");
  await until(async () => platform.streams.open === 1, 60_000);
  const second = say("agent.message");
  await until(async () => (await isHere(missed)) && (await isHere(second)));
  expect(platform.requests.counts.get("GET /v1/sessions/{id}/events/stream")).toBe(2);
}, 120_000);
