import { APIConnectionError, APIError, RateLimitError } from "@anthropic-ai/sdk";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Faults } from "@/tests/support/platform/faults";
import { eventObject, sdkFor, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";

let platform: Platform;
let sdk: ReturnType<typeof sdkFor>;

beforeEach(async () => {
  platform = await startPlatform();
  sdk = sdkFor(platform);
  platform.load({
    sessions: [sessionObject("sesn_A")],
    events: Array.from({ length: 30 }, (_, i) => ({
      session_id: "sesn_A",
      session_thread_id: null,
      event: eventObject(`e${i}`, "agent.message", `10:00:${String(i + 10)}`),
    })),
  });
});
afterEach(() => platform.close());

const get = () => sdk.beta.sessions.retrieve("sesn_A");

async function listIds(limit: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of sdk.beta.sessions.events.list("sesn_A", { limit })) ids.push(id);
  return ids;
}

const failure = (work: PromiseLike<unknown>) =>
  Promise.resolve(work).then(
    () => null,
    (error: unknown) => error,
  );

it("limits reads with the documented headers, and can lift the limit", async () => {
  platform.limitReads(60, 3);
  const { response } = await get().withResponse();
  expect(response.headers.get("anthropic-ratelimit-requests-limit")).toBe("60");
  expect(response.headers.get("anthropic-ratelimit-requests-remaining")).toBe("2");
  const reset = response.headers.get("anthropic-ratelimit-requests-reset") ?? "";
  expect(Date.parse(reset)).toBeGreaterThan(Date.now());
  await get();
  await get();
  const error = await failure(get());
  expect(error).toBeInstanceOf(RateLimitError);
  if (error instanceof APIError) expect(error.headers?.get("retry-after")).toBe("1");
  platform.limitReads(null);
  const { response: free } = await get().withResponse();
  expect(free.headers.get("anthropic-ratelimit-requests-limit")).toBeNull();
  const isRead = ({ method }: { method: string }) => method === "GET";
  expect(platform.requests.mostWithin(60_000, isRead)).toBe(5);
  expect([...platform.requests.per(60_000).values()].reduce((a, b) => a + b)).toBe(5);
  expect(platform.requests.counts.get("GET /v1/sessions/{id}")).toBe(5);
  expect(platform.requests.records.map(({ status }) => status)).toEqual([200, 200, 200, 429, 200]);
});

it.each([
  ["spend_limit", 429, "rate_limit_error"],
  ["usage_limit", 400, "invalid_request_error"],
  ["billing", 402, "billing_error"],
  ["forbidden", 403, "permission_error"],
  ["unauthorized", 401, "authentication_error"],
  ["overloaded", 529, "overloaded_error"],
] as const)("refuses every read because of %s", async (refuse, status, type) => {
  platform.faults = { refuse };
  const error = await failure(get());
  if (!(error instanceof APIError)) throw new Error("no error of the API");
  expect([error.status, error.type, error.headers?.get("retry-after")]).toEqual([
    status,
    type,
    null,
  ]);
  const details = { details: { error_code: "enforced_spend_limit_reached" } };
  if (refuse === "spend_limit") expect(error.error).toMatchObject({ error: details });
});

it.each([
  [{ error500: 1 }, 500, null],
  [{ error529: 1 }, 529, null],
  [{ limited: 1, retryAfterSeconds: 7 }, 429, "7"],
  [{ limitedBare: 1 }, 429, null],
])("answers %j", async (faults: Partial<Faults>, status, retryAfter) => {
  platform.faults = faults;
  const error = await failure(get());
  if (!(error instanceof APIError)) throw new Error("no error of the API");
  expect([error.status, error.headers?.get("retry-after")]).toEqual([status, retryAfter]);
});

it("cuts connections, halves answers and takes its time", async () => {
  platform.faults = { cutBefore: 1 };
  expect(await failure(get())).toBeInstanceOf(APIConnectionError);
  platform.faults = { cutWithin: 1 };
  expect(await failure(get())).toBeInstanceOf(Error);
  platform.faults = { truncated: 1 };
  expect(await failure(get())).toBeInstanceOf(SyntaxError);
  platform.faults = { slow: 1, slowMs: 60 };
  const begun = performance.now();
  await get();
  expect(performance.now() - begun).toBeGreaterThan(55);
  platform.faults = {};
  expect((await get()).id).toBe("sesn_A");
  expect(platform.requests.records.map(({ status }) => status)).toEqual([0, 0, 200, 200, 200]);
});

it("fails the same way from the same seed, and the SDK's retries get through", async () => {
  const statuses = async () => {
    platform.requests.clear();
    platform.faults = { seed: 5, error500: 0.5 };
    for (let i = 0; i < 12; i++) await failure(get());
    return platform.requests.records.map(({ status }) => status);
  };
  const first = await statuses();
  expect(new Set(first)).toEqual(new Set([200, 500]));
  expect(await statuses()).toEqual(first);
});

it("gives empty pages, repeats and late events, and everything in the end", async () => {
  const whole = Array.from({ length: 30 }, (_, i) => `e${i}`);
  platform.faults = { emptyPage: 1 };
  expect(await listIds(7)).toEqual(whole);
  expect(platform.requests.records.length).toBe(10);
  platform.faults = { duplicate: 1 };
  const repeated = await listIds(7);
  expect(repeated.length).toBeGreaterThan(30);
  expect([...new Set(repeated)]).toEqual(whole);
  platform.faults = { hidden: 0.5, hiddenMs: 60_000 };
  platform.appendEvent("sesn_A", null, eventObject("e30", "agent.message", "10:01:00"));
  const some = await listIds(100);
  expect(some.length).toBeLessThan(31);
  platform.faults = { hidden: 0.5, hiddenMs: 10 };
  await new Promise((done) => setTimeout(done, 20));
  expect(await listIds(100)).toEqual([...whole, "e30"]);
});

it("shifts pages when sessions are created during a crawl, if told to", async () => {
  platform.behaviour = { shiftingPages: true };
  for (let i = 0; i < 4; i++) platform.putSession(sessionObject(`s${i}`, `11:00:0${i}`));
  const first = await sdk.beta.sessions.list({ limit: 2 });
  platform.putSession(sessionObject("s4", "11:00:04"));
  const second = await first.getNextPage();
  const ids = [...first.data, ...second.data].map(({ id }) => id);
  expect(ids).toEqual(["s3", "s2", "s2", "s1"]);
});

it("lets usage and status lag", async () => {
  platform.behaviour = { usageLag: true };
  const usage = (input_tokens: number, active_seconds: number) => ({
    input_tokens,
    active_seconds,
  });
  const put = (status: string, used: object) =>
    platform.putSession(sessionObject("sesn_A", "10:00:00", { status, usage: used }));
  platform.deleteSession("sesn_A");
  put("running", usage(10, 1));
  expect((await get()).usage).toMatchObject({
    input_tokens: 0,
    output_tokens: 0,
    active_seconds: 1,
  });
  put("idle", usage(20, 2));
  expect((await get()).usage).toEqual(usage(20, 2));
  put("running", usage(30, 3));
  expect((await get()).usage).toEqual(usage(20, 3));
  platform.behaviour = { statusLagMs: 80 };
  put("idle", usage(40, 4));
  expect((await get()).status).toBe("running");
  expect((await sdk.beta.sessions.list({ statuses: ["running"] })).data.length).toBe(1);
  await new Promise((done) => setTimeout(done, 100));
  expect(await get()).toMatchObject({ status: "idle", usage: usage(40, 4) });
});

it("imitates the API badly", async () => {
  const model_usage = { input_tokens: 1, output_tokens: 2, cache_read_input_tokens: 40 };
  for (const event of [
    eventObject("span", "span.model_request_end", "10:01:00", { model_usage }),
    eventObject("idle", "session.status_idle", "10:01:01", { stop_reason: { type: "end_turn" } }),
  ])
    platform.appendEvent("sesn_A", null, event);
  const list = () => sdk.beta.sessions.events.list("sesn_A", { limit: 4 });
  platform.behaviour = { noProcessedAt: true, noEventIds: true };
  expect((await list()).data[0]).toEqual({ type: "agent.message" });
  platform.behaviour = { noNextPage: "cut" };
  const cut = await list();
  expect([cut.data.length, cut.hasNextPage()]).toEqual([4, false]);
  platform.behaviour = { noNextPage: "whole", noStatusIdle: true, cacheReadsInInput: true };
  const { data } = await list();
  expect(data.length).toBe(31);
  expect(data.at(-1)).toMatchObject({ id: "span", model_usage: { input_tokens: 41 } });
  platform.behaviour = {};
  expect((await list()).next_page).toMatch(/^page_/);
});
