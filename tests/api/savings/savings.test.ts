import { beforeAll, describe, expect, it } from "vitest";
import { GET } from "@/app/api/v1/costs/cache/route";
import type { Savings } from "@/lib/savings/schema";
import { bearer } from "@/tests/support/api";
import { call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import { at, requestEnd, running } from "@/tests/support/events";
import { storeItems } from "@/tests/support/stored";

let read: { authorization: string };
const object = (id: string, model: string) => ({
  ...{ kind: "session" as const, threadId: null },
  data: {
    ...{ id, type: "session", created_at: at(0) },
    agent: { type: "agent", id: "agent_a", name: "a", version: 1, model: { id: model } },
  },
});
/** Input, output, read, written. */
const ended = (seconds: number, tokens: number[]) => requestEnd(`r${seconds}`, seconds, tokens);

beforeAll(async () => {
  await truncateAll();
  read = await bearer("read");
  await storeItems("sesn_a", [
    object("sesn_a", "claude-sonnet-5"),
    running(0),
    ended(10, [1000, 10, 0, 2000]),
    ended(20, [1000, 10, 2000, 0]),
    ended(400, [1000, 10, 0, 2000]),
  ]);
  await storeItems("sesn_b", [object("sesn_b", "nobody"), running(0), ended(10, [500, 10, 0, 0])]);
});

const ask = async (query: string) => call(GET, `/api/v1/costs/cache?${query}`, { headers: read });
const RANGE = "from=2026-11-20T09:00:00Z&to=2026-11-20T12:00:00Z";

describe("what the cache did", () => {
  it("is told in all and by model, and what has no price is in no figure of money", async () => {
    const { status, body } = await ask(RANGE);
    expect(status).toBe(200);
    // Sonnet 5: $2 input, $2.50 writes, $0.20 reads a million.
    const sonnet = {
      ...{ prompt_tokens: 9000, read_tokens: 2000, write_tokens: 4000 },
      ...{ saved_nanos: 3_600_000, premium_nanos: 2_000_000 },
      ...{ expired_tokens: 2000, lost_nanos: 4_600_000 },
    };
    expect(body as Savings).toEqual({
      ...sonnet,
      prompt_tokens: 9500,
      unpriced_tokens: 510,
      models: [
        { model: "claude-sonnet-5", ...sonnet, unpriced_tokens: 0 },
        {
          ...{ model: "nobody", prompt_tokens: 500, read_tokens: 0, write_tokens: 0 },
          ...{ saved_nanos: 0, premium_nanos: 0, expired_tokens: 0, lost_nanos: 0 },
          unpriced_tokens: 510,
        },
      ],
      complete_until: expect.any(String),
    });
  });

  it("is that of a filter and a range", async () => {
    expect((await ask(`${RANGE}&model=nobody`)).body).toMatchObject({ prompt_tokens: 500 });
    const before = "from=2026-11-20T09:00:00Z&to=2026-11-20T10:05:00Z";
    expect((await ask(before)).body).toMatchObject({ read_tokens: 2000, expired_tokens: 0 });
  });

  it("needs a range that ends after it begins", async () => {
    const { status, body } = await ask("from=2026-11-20T09:00:00Z&to=2026-11-20T08:00:00Z");
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain("from");
  });
});
