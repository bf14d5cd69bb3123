import { afterEach, beforeEach, expect, it } from "vitest";
import { agentObject, eventObject, sdkFor, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";

let platform: Platform;
let sdk: ReturnType<typeof sdkFor>;

beforeEach(async () => {
  platform = await startPlatform();
  sdk = sdkFor(platform);
});
afterEach(() => platform.close());

const ids = (items: { id: string }[]) => items.map(({ id }) => id);

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

function putSessions(count: number): void {
  for (let i = 0; i < count; i++)
    platform.putSession(sessionObject(`sesn_${i}`, `10:${String(i).padStart(2, "0")}:00`));
}

it("pages sessions both ways, newest first unless asked", async () => {
  putSessions(7);
  const first = await sdk.beta.sessions.list({ limit: 3 });
  expect(ids(first.data)).toEqual(["sesn_6", "sesn_5", "sesn_4"]);
  expect(first.prev_page).toBeNull();
  const second = await first.getNextPage();
  platform.putSession(sessionObject("sesn_new", "11:00:00"));
  const third = await second.getNextPage();
  expect([ids(second.data), ids(third.data), third.next_page]).toEqual([
    ["sesn_3", "sesn_2", "sesn_1"],
    ["sesn_0"],
    null,
  ]);
  const back = await sdk.beta.sessions.list({ limit: 3, page: third.prev_page });
  expect(ids(back.data)).toEqual(["sesn_3", "sesn_2", "sesn_1"]);
  const start = await sdk.beta.sessions.list({ limit: 9, page: back.prev_page });
  expect([ids(start.data), start.prev_page]).toEqual([
    ["sesn_new", "sesn_6", "sesn_5", "sesn_4"],
    null,
  ]);
  expect(ids(await all(sdk.beta.sessions.list({ order: "asc", limit: 2 })))).toEqual([
    ...Array.from({ length: 7 }, (_, i) => `sesn_${i}`),
    "sesn_new",
  ]);
});

it("refuses cursors that were made for something else, and old ones", async () => {
  putSessions(5);
  const bound = { "created_at[gte]": "2026-11-20T10:00:00Z" };
  const { next_page: page } = await sdk.beta.sessions.list({ limit: 2, ...bound });
  const asks = (params: object) => sdk.beta.sessions.list({ limit: 2, page, ...params });
  await expect(asks({ ...bound, statuses: ["idle"], limit: 1 })).resolves.toBeDefined();
  await expect(asks({ ...bound, order: "asc" })).rejects.toThrow(/400.*another order/);
  await expect(asks({ "created_at[gte]": "2026-11-20T10:04:00Z" })).rejects.toThrow(/400.*bounds/);
  await expect(asks({ page: "page_nonsense" })).rejects.toThrow(/400/);
  await expect(sdk.beta.agents.list({ page })).rejects.toThrow(/400/);
  platform.expireCursors();
  await expect(asks(bound)).rejects.toThrow(/400.*expired/);
});

it("filters sessions as documented and refuses what it does not know", async () => {
  putSessions(3);
  const agent = agentObject("agent_B", 2);
  platform.putSession(sessionObject("sesn_B", "11:00:00", { agent, deployment_id: "depl_A" }));
  platform.putSession(sessionObject("sesn_run", "11:01:00", { status: "running" }));
  platform.putSession(
    sessionObject("sesn_mem", "11:02:00", {
      resources: [{ type: "memory_store", memory_store_id: "memstore_A" }],
    }),
  );
  platform.archive("sesn_0");
  const find = async (params: Parameters<typeof sdk.beta.sessions.list>[0]) =>
    ids((await sdk.beta.sessions.list(params)).data);
  expect(await find({})).toEqual(["sesn_mem", "sesn_run", "sesn_B", "sesn_2", "sesn_1"]);
  expect(await find({ include_archived: true, statuses: ["terminated"] })).toEqual(["sesn_0"]);
  expect(await find({ statuses: ["running", "rescheduling"] })).toEqual(["sesn_run"]);
  expect(await find({ agent_id: "agent_B", agent_version: 2 })).toEqual(["sesn_B"]);
  expect(await find({ agent_id: "agent_B", agent_version: 1 })).toEqual([]);
  expect(await find({ deployment_id: "depl_A" })).toEqual(["sesn_B"]);
  expect(await find({ memory_store_id: "memstore_A" })).toEqual(["sesn_mem"]);
  const range = {
    "created_at[gt]": "2026-11-20T10:01:00Z",
    "created_at[lt]": "2026-11-20T11:00:00Z",
  };
  expect(await find(range)).toEqual(["sesn_2"]);
  for (const params of [
    { metadata: "x" },
    { agent_version: 1 },
    { limit: 101 },
    { statuses: ["failed"] },
    { order: "up" },
    { "created_at[gte]": "yesterday" },
  ])
    await expect(sdk.beta.sessions.list(params as object), JSON.stringify(params)).rejects.toThrow(
      /400/,
    );
});

it("lists events by processed_at, with queued ones last and outside every filter", async () => {
  platform.putSession(sessionObject("sesn_A"));
  platform.appendEvent("sesn_A", null, eventObject("queued", "user.message", null));
  for (const [id, time] of [
    ["c", "10:00:03"],
    ["a", "10:00:01"],
    ["b", "10:00:02"],
  ] as const)
    platform.appendEvent("sesn_A", null, eventObject(id, "agent.message", time));
  platform.appendEvent(
    "sesn_A",
    null,
    eventObject("tie", "session.usage", "10:00:03", { usage: {} }),
  );
  const list = (params = {}) => all(sdk.beta.sessions.events.list("sesn_A", params)).then(ids);
  expect(await list({ limit: 1 })).toEqual(["a", "b", "c", "tie", "queued"]);
  expect(await list({ limit: 2, order: "desc" })).toEqual(["tie", "c", "b", "a", "queued"]);
  expect(await list({ "created_at[gte]": "2026-11-20T10:00:02Z" })).toEqual(["b", "c", "tie"]);
  expect(await list({ types: ["user.message", "session.usage"] })).toEqual(["tie", "queued"]);
  platform.appendEvent("sesn_A", null, eventObject("queued", "user.message", "10:00:01.500000"));
  expect(await list()).toEqual(["a", "queued", "b", "c", "tie"]);
  await expect(list({ types: ["session.deleted"] })).rejects.toThrow(/400/);
  await expect(list({ after: "a" })).rejects.toThrow(/400/);
});
