import { afterEach, beforeEach, expect, it } from "vitest";
import { openClient } from "@/lib/anthropic/client";
import { openOutbound } from "@/lib/http/outbound";
import { findOutboundError } from "@/lib/http/outbound-error";
import { version } from "@/package.json";
import { eventObject, sessionObject } from "@/tests/support/platform/objects";
import type { Platform } from "@/tests/support/platform/platform";
import { startPlatform } from "@/tests/support/platform/server";

const allow = "127.0.0.1/32";

let platform: Platform;
beforeEach(async () => {
  platform = await startPlatform({ pingMs: 20 });
  for (let i = 0; i < 45; i++) platform.putSession(sessionObject(`sesn_${i}`));
});
afterEach(() => platform.close());

const clientOf = (fetch: typeof globalThis.fetch, maxRetries?: number) =>
  openClient({
    baseUrl: platform.url,
    apiKey: platform.apiKey,
    fetch,
    ...(maxRetries === undefined ? {} : { maxRetries }),
  });

it("pages through lists on the guarded fetch", async () => {
  const ids: string[] = [];
  for await (const { id } of clientOf(openOutbound({ allow })).beta.sessions.list({ limit: 20 }))
    ids.push(id);
  expect(new Set(ids).size).toBe(45);
  expect(platform.writes).toEqual([]);
});

it("says who it is, and takes nothing from the environment", async () => {
  const seen: Headers[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    seen.push(new Headers(init?.headers));
    return openOutbound({ allow })(input, init);
  };
  await clientOf(fetch).beta.sessions.list();
  expect(seen[0]?.get("user-agent")).toBe(`watchkeeper/${version}`);
  expect(seen[0]?.get("authorization")).toBe(`Bearer ${platform.apiKey}`);
});

it("streams, event by event, until the caller aborts", async () => {
  const fetch = openOutbound({ allow, timeoutMs: null, maxBytes: null });
  const stream = await clientOf(fetch).beta.sessions.events.stream("sesn_1");
  const got: string[] = [];
  const ended = (async () => {
    for await (const { type } of stream) {
      got.push(type);
      if (got.length === 1)
        platform.appendEvent("sesn_1", null, eventObject("b", "agent.message", "10:00:02"));
      if (got.length === 2) stream.controller.abort();
    }
  })();
  platform.appendEvent("sesn_1", null, eventObject("a", "agent.thinking", "10:00:01"));
  await ended;
  expect(got).toEqual(["agent.thinking", "agent.message"]);
  for (let i = 0; i < 50 && platform.streams.open > 0; i++)
    await new Promise((done) => setTimeout(done, 10));
  expect(platform.streams.open).toBe(0);
});

it("is told of a cut stream", async () => {
  const fetch = openOutbound({ allow, timeoutMs: null, maxBytes: null });
  const stream = await clientOf(fetch).beta.sessions.events.stream("sesn_1");
  const read = (async () => {
    for await (const _ of stream);
  })();
  platform.streams.cut();
  await expect(read).rejects.toThrow();
});

it("aborts a call under way", async () => {
  platform.faults = { slow: 1, slowMs: 5_000 };
  const signal = AbortSignal.timeout(50);
  const call = clientOf(openOutbound({ allow })).beta.sessions.list({}, { signal });
  await expect(call).rejects.toThrow("Request was aborted.");
});

it("tries nothing again where told so", async () => {
  platform.faults = { seed: 3, cutBefore: 0.5 };
  let [good, bad] = [0, 0];
  for (let i = 0; i < 6; i++) {
    await clientOf(openOutbound({ allow }), 0)
      .beta.sessions.retrieve("sesn_1")
      .then(
        () => good++,
        () => bad++,
      );
  }
  expect([good > 0, bad > 0, platform.requests.records.length]).toEqual([true, true, 6]);
});

it("shows a refused address as the cause", async () => {
  const call = clientOf(openOutbound({ allow: "" }), 0).beta.sessions.list();
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(findOutboundError(error)?.reason).toBe("refused_address");
  expect(platform.requests.records).toEqual([]);
});
