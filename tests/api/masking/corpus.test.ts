import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { GET as audit } from "@/app/api/v1/audit/route";
import { GET as groups } from "@/app/api/v1/failures/groups/route";
import { POST as ingest } from "@/app/api/v1/ingest/route";
import { PUT } from "@/app/api/v1/masking/route";
import { POST as retry } from "@/app/api/v1/rejected/[id]/retry/route";
import { GET as rejectedItem } from "@/app/api/v1/rejected/[id]/route";
import { GET as rejected } from "@/app/api/v1/rejected/route";
import { GET as events } from "@/app/api/v1/sessions/[id]/events/route";
import { GET as session } from "@/app/api/v1/sessions/[id]/route";
import { GET as trace } from "@/app/api/v1/sessions/[id]/trace/route";
import { GET as turns } from "@/app/api/v1/sessions/[id]/turns/route";
import { GET as sessions } from "@/app/api/v1/sessions/route";
import { GET as metrics } from "@/app/metrics/route";
import { takeHint } from "@/lib/anthropic/sync-service";
import { pool } from "@/lib/db/client";
import { logger } from "@/lib/http/logger";
import { acceptItems } from "@/lib/ingest/service";
import type { MaskingMode } from "@/lib/masking/schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { columnsHolding } from "@/tests/support/columns-holding";
import { allowLoopback, connectTo } from "@/tests/support/connections";
import { truncateAll } from "@/tests/support/database";
import { eventObject, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";
import { AT, DISGUISED, eventsWith, objectWith, SECRETS } from "@/tests/support/secrets";

const ALL = { email: true, phone: true, credit_card: true, iban: true, us_ssn: true };

let headers: { authorization: string };
let platform: Platform;
beforeAll(() => allowLoopback());
beforeEach(async () => {
  await truncateAll();
  headers = await bearer("admin");
  platform = await startPlatform({ readsPerMinute: null });
});
afterEach(() => platform.close());

/** `left`: what of the secret must not be in any answer, where it is written otherwise. */
async function pushAll(secret: string, name: string, left = secret): Promise<void> {
  const items = eventsWith(secret);
  const id = `json_${name}`;
  const json = {
    agents: [
      {
        id: "agent_1",
        type: "agent",
        version: 1,
        created_at: AT,
        system: secret,
        description: secret,
      },
    ],
    sessions: [objectWith(id, secret)],
    events: [
      ...items.map((event) => ({ session_id: id, event })),
      {
        session_id: id,
        event: { id: "bad", type: "agent.message", processed_at: secret, content: secret },
      },
    ],
  };
  expect((await call(ingest, "/x", { method: "POST", headers, json })).text).not.toContain(left);
  const lines = items.map((data) =>
    JSON.stringify({ kind: "event", session_id: `nd_${name}`, data }),
  );
  const broken = [`{"kind": "event", "data": "${secret}`, `{"kind": ${secret}}`];
  const nd = { ...headers, "content-type": "application/x-ndjson" };
  for (const [source, prefix] of [
    ["push", "nd"],
    ["import", "im"],
  ]) {
    const own = lines.map((line) => line.replace(`nd_${name}`, `${prefix}_${name}`));
    const body = [...own, ...broken].join("\n");
    await call(ingest, `/x?source=${source}`, { method: "POST", headers: nd, body });
  }
  const whole = await call(ingest, "/x", {
    method: "POST",
    headers,
    body: `{"events": ${secret}}`,
  });
  expect(whole.status).toBe(400);
  expect(whole.text).not.toContain(left.slice(0, 12));
  for (const source of ["demo", "stream"] as const) {
    const raw = items.map((data, index) => ({
      ...{ index, kind: "event" as const, sessionId: `${source}_${name}`, threadId: null, data },
    }));
    await acceptItems({ workspace: "default", connectionId: "", source }, raw, [], new Date());
  }
}

/** As a webhook has it read, through the SDK. */
async function pollAll(secret: string, connectionId: string): Promise<void> {
  const id = "sesn_polled";
  platform.putSession({
    ...sessionObject(id, undefined, { status: "idle" }),
    ...objectWith(id, secret),
  });
  for (const [at, event] of eventsWith(secret).entries())
    platform.appendEvent(id, null, {
      ...eventObject(`sevt_${at}`, event.type, null),
      ...event,
      id: `sevt_${at}`,
    });
  const hint = { type: "session.updated", resourceId: id, threadId: null, createdAt: null };
  await takeHint({ workspace: "default", connectionId, ...hint });
}

async function answersHolding(secret: string): Promise<string[]> {
  const ids = ["json", "nd", "demo", "stream"].map((kind) => `${kind}_x`).concat("sesn_polled");
  const found: string[] = [];
  const look = async (name: string, handler: typeof sessions, path = "/x", params = {}) => {
    const { status, text } = await call(handler, path, { headers, params });
    expect([name, status]).toEqual([name, 200]);
    if (text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)))
      found.push(name);
    return text;
  };
  for (const id of ids)
    for (const [name, handler] of Object.entries({ session, events, trace, turns }))
      await look(`${name} ${id}`, handler, "/x", { id });
  const list = await look("rejected", rejected);
  for (const { id } of JSON.parse(list).data)
    await look("rejected item", rejectedItem, "/x", { id });
  for (const [name, handler] of Object.entries({ sessions, audit })) await look(name, handler);
  await look("groups", groups, "/x?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z");
  const told = await metrics(new Request("http://localhost:3000/metrics", { headers }));
  if ((await told.text()).includes(secret)) found.push("metrics");
  return found;
}

async function retryAll(secret: string): Promise<void> {
  const { rows } = await pool().query<{ id: string }>("select id from rejected_item limit 2");
  const bodies = [
    `{"kind": "event", "x": "${secret}"`,
    JSON.stringify({ kind: "event", session_id: "s", data: { id: secret, content: secret } }),
  ];
  for (const [at, { id }] of rows.entries())
    await call(retry, "/x", {
      method: "POST",
      headers,
      params: { id },
      json: { body: bodies[at] },
    });
}

const MODES: MaskingMode[] = ["masked", "metadata"];

it.each(MODES)(
  "no secret is in any table, log or answer, by whatever source it came: %s",
  async (mode) => {
    const lines: string[] = [];
    for (const level of ["info", "warn", "error"] as const)
      vi.spyOn(logger, level).mockImplementation(
        (...line: unknown[]) => void lines.push(JSON.stringify(line)),
      );
    const change = { based_on: 0, pushed_mode: mode, builtin: ALL, rules: [] };
    expect((await call(PUT, "/x", { method: "PUT", headers, json: change })).status).toBe(200);
    const connection = await connectTo(platform, headers, { reads_per_minute: 60_000 });
    await pool().query("update connection set content_mode = $1", [mode]);
    for (const [at, [, secret]] of SECRETS.entries()) {
      await pushAll(secret, at === 0 ? "x" : `${at}`);
      if (at === 0) await pollAll(secret, connection.id);
    }
    for (const [at, [, text, secret]] of DISGUISED.entries())
      await pushAll(text, `disguised_${at}`, secret);
    for (const [, secret] of SECRETS) await retryAll(secret);
    for (const [, text] of DISGUISED) await retryAll(text);
    const { rows } = await pool().query(
      "select source, count(*) > 0 as some from event group by 1 order by 1",
    );
    expect(rows.map(({ source }) => source)).toEqual(["demo", "import", "poll", "push", "stream"]);
    const secrets = [...SECRETS.map(([, secret]) => secret), ...DISGUISED.map((one) => one[2])];
    expect(await columnsHolding(secrets)).toEqual([]);
    expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
    expect(await answersHolding(SECRETS[0]?.[1] ?? "")).toEqual([]);
    vi.restoreAllMocks();
  },
  180_000,
);

it("finds what is not masked", async () => {
  const change = { based_on: 0, pushed_mode: "full", builtin: {}, rules: [] };
  await call(PUT, "/x", { method: "PUT", headers, json: change });
  const [, secret = ""] = SECRETS[0] ?? [];
  await pushAll(secret, "x").catch(() => undefined);
  const found = await columnsHolding([secret]);
  for (const column of [
    "event.payload",
    "session.title",
    "rejected_item.body",
    "agent_version.object",
  ])
    expect(found).toContain(column);
});
