import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { GET as readPrices, PUT as savePrices } from "@/app/api/v1/prices/route";
import { GET as readVersion } from "@/app/api/v1/prices/versions/[number]/route";
import { GET as listVersions } from "@/app/api/v1/prices/versions/route";
import { GET as readTrace } from "@/app/api/v1/sessions/[id]/trace/route";
import type { Discount, OwnPrice, Terms } from "@/lib/costs/own-schema";
import type { Prices } from "@/lib/costs/prices-schema";
import { holdPrices } from "@/lib/costs/prices-store";
import { NO_TERMS } from "@/lib/costs/terms";
import { prisma } from "@/lib/db/client";
import { refoldOutdated } from "@/lib/ingest/refold-service";
import { acceptItems } from "@/lib/ingest/service";
import { verifyWorkspace } from "@/lib/ingest/verify-service";
import { addUp } from "@/lib/metrics/rollup-service";
import type { TracePage } from "@/lib/sessions/schema";
import { bearer } from "@/tests/support/api";
import { type Answer, call } from "@/tests/support/call";
import { truncateAll } from "@/tests/support/database";
import type { SoupItem } from "@/tests/support/event-soup";
import { agentOf, at, idle, request, running, session } from "@/tests/support/events";
import { fingerprint } from "@/tests/support/fingerprint";
import { HP_05, recordedItems } from "@/tests/support/recorded";
import { storeItems } from "@/tests/support/stored";

let admin: { authorization: string };
beforeEach(async () => {
  await truncateAll();
  admin = await bearer("admin");
});

const COLUMNS = {
  input_pico: 1_000_000,
  cache_write_5m_pico: 1_250_000,
  cache_write_1h_pico: 2_000_000,
  cache_read_pico: 100_000,
  output_pico: 5_000_000,
};
const price = (model: string, more: Partial<OwnPrice> = {}) => ({ model, ...COLUMNS, ...more });
const off = (percent: number, more: Partial<Discount> = {}) => ({ off: percent * 100, ...more });

type Change = { [Name in keyof Terms]?: object[] };
const put = (based_on: unknown, terms: Change, more: object = {}, headers = admin) =>
  call(savePrices, "/api/v1/prices", {
    method: "PUT",
    headers,
    json: { based_on, terms, ...more },
  });
async function save(basedOn: number, terms: Change, more: object = {}): Promise<Prices> {
  const answer = await put(basedOn, terms, more);
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
  return answer.body as Prices;
}
const get = async (handler: typeof readPrices, path = "/x", params = {}) =>
  (await call(handler, path, { headers: admin, params })).body;

/** One request of a million uncached tokens, one minute of running. */
const used = (model: string, id = "r"): SoupItem[] => [
  session({ agent: agentOf(model) }),
  running(0),
  ...request(id, 1, [1_000_000]),
  idle(60),
];
async function costOf(sessionId: string) {
  const row = await prisma.session.findFirstOrThrow({ where: { sessionId } });
  return {
    tokens: Number(row.tokensNanos),
    runtime: Number(row.runtimeNanos),
    unpriced: Number(row.unpricedTokens),
    book: row.priceBook,
  };
}
async function differences(): Promise<string[]> {
  const what: string[] = [];
  await verifyWorkspace("default", (difference) => what.push(JSON.stringify(difference)));
  return what;
}

describe("the price book", () => {
  test("is the published one at first", async () => {
    const prices = (await get(readPrices)) as Prices;
    expect(prices).toMatchObject({
      ...{ version: "2026-11-09", number: 0, published: "2026-11-09", saved: null },
      terms: NO_TERMS,
      meters: [
        { effective_from: null, session_hour_nanos: 80_000_000, web_search_nanos: 10_000_000 },
      ],
    });
    const opus = prices.prices.find(({ models }) => models.includes("claude-opus-5-5"));
    expect(opus).toMatchObject({ input_pico: 4_000_000, geo_permille: { global: 1000, us: 1100 } });
    expect(await get(listVersions)).toEqual({ data: [], next_cursor: null });
  });

  test("has the own terms once they are saved, and keeps every version", async () => {
    const first = await save(0, { prices: [price("claude-next")] }, { note: " New model " });
    expect(first).toMatchObject({
      version: "2026-11-09+1",
      number: 1,
      saved: { number: 1, author: "test", note: "New model", created_at: expect.any(String) },
    });
    expect(await get(readPrices)).toEqual(first);
    const dearer = price("claude-next", { input_pico: 2_000_000 });
    await save(1, { prices: [dearer], discounts: [off(12.5)] });
    await save(2, { discounts: [off(12.5)] });
    expect(await get(listVersions, "/x?limit=2")).toMatchObject({
      data: [{ number: 3 }, { number: 2 }],
      next_cursor: "2",
    });
    expect(await get(listVersions, "/x?limit=2&cursor=2")).toMatchObject({
      data: [{ number: 1, note: "New model" }],
      next_cursor: null,
    });
    expect(await get(readVersion, "/x", { number: "2" })).toMatchObject({
      ...{ number: 2, version: "2026-11-09+2", against: 1 },
      changes: [
        {
          list: "prices",
          before: expect.objectContaining({ input_pico: 1_000_000 }),
          after: expect.objectContaining({ input_pico: 2_000_000 }),
        },
        { list: "discounts", before: null, after: expect.objectContaining({ off: 1250 }) },
      ],
    });
    expect(await get(readVersion, "/x?against=0", { number: "3" })).toMatchObject({
      against: 0,
      changes: [{ list: "discounts", before: null }],
    });
    expect(await get(readVersion, "/x?against=1", { number: "3" })).toMatchObject({
      changes: [
        { list: "prices", after: null },
        { list: "discounts", before: null },
      ],
    });
  });

  test("is saved by one of two who change the same version", async () => {
    const answers = await Promise.all([
      put(0, { discounts: [off(5)] }),
      put(0, { discounts: [off(7)] }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409) as Answer;
    expect(lost.body).toMatchObject({
      error: {
        code: "conflict",
        message: expect.stringContaining("Version 1 was saved meanwhile (test,"),
      },
    });
    expect((await put(7, {})).body).toMatchObject({ error: { code: "conflict" } });
  });

  test.each([
    [{ prices: [price("claude next")] }, "terms.prices.0.model", "expected a model's id"],
    [{ prices: [price("a", { output_pico: -1 })] }, "terms.prices.0.output_pico", "whole number"],
    [{ discounts: [off(5), off(7)] }, "terms.discounts.1.effective_from", "two discounts"],
  ])("tells what is wrong with %j", async (terms, path, words) => {
    const answer = await put(0, terms);
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.objectContaining({
        error: expect.objectContaining({
          issues: [{ path, message: expect.stringContaining(words) }],
        }),
      }),
    ]);
    expect(await prisma.priceVersion.count()).toBe(0);
  });

  test("is not saved again as it is", async () => {
    await save(0, { discounts: [off(5)] });
    const answer = await put(1, { discounts: [off(5)] });
    expect(answer.body).toMatchObject({ error: { code: "invalid" } });
  });

  test("is read by readers and written by admins; what is not there is not found", async () => {
    const reader = await bearer("read");
    expect((await call(readPrices, "/x", { headers: reader })).status).toBe(200);
    const writer = await bearer("write");
    expect((await put(0, { discounts: [off(5)] }, {}, writer)).status).toBe(403);
    const params = { number: "4" };
    expect((await call(readVersion, "/x", { headers: reader, params })).status).toBe(404);
  });
});

describe("what comes in after a save", () => {
  test("is priced with it, and only that; each session names its version", async () => {
    await storeItems("sesn_A", used("claude-next"));
    expect(await costOf("sesn_A")).toMatchObject({ unpriced: 1_000_000, book: "2026-11-09" });
    await save(0, { prices: [price("claude-next")], session_hours: [{ nanos: 60_000_000 }] });
    await storeItems("sesn_B", used("claude-next").map(otherSession));
    expect(await costOf("sesn_A")).toMatchObject({ unpriced: 1_000_000, book: "2026-11-09" });
    expect(await costOf("sesn_B")).toEqual({
      ...{ tokens: 1_000_000_000, runtime: 1_000_000, unpriced: 0 },
      book: "2026-11-09+1",
    });
    await addUp(new Date(at(100)), 500);
    expect(await differences()).toEqual([]);
  });

  test("prices all of a session that was priced otherwise; known items change nothing", async () => {
    await storeItems("sesn_A", used("claude-next"));
    await save(0, { prices: [price("claude-next")] });
    await storeItems("sesn_A", used("claude-next"));
    expect(await costOf("sesn_A")).toMatchObject({ unpriced: 1_000_000, book: "2026-11-09" });
    await storeItems("sesn_A", [running(70), ...request("r2", 71, [2_000_000]), idle(90)]);
    expect(await costOf("sesn_A")).toMatchObject({
      ...{ tokens: 3_000_000_000, unpriced: 0 },
      book: "2026-11-09+1",
    });
    await addUp(new Date(at(100)), 500);
    expect(await differences()).toEqual([]);
  });

  test("leaves sessions as they are priced that an update of the fold derives anew", async () => {
    await storeItems("sesn_A", used("claude-opus-5-5"));
    await save(0, { discounts: [off(50)] });
    await storeItems("sesn_B", used("claude-opus-5-5").map(otherSession));
    await save(1, { discounts: [off(75)] });
    await prisma.sessionState.updateMany({ data: { foldVersion: 0 } });
    expect(await refoldOutdated(new Date(at(100)))).toBe(2);
    expect(await costOf("sesn_A")).toMatchObject({ tokens: 4_000_000_000, book: "2026-11-09" });
    expect(await costOf("sesn_B")).toMatchObject({ tokens: 2_000_000_000, book: "2026-11-09+1" });
    expect(await differences()).toEqual([]);
  });

  test("is priced with it in every process", async () => {
    await save(0, { discounts: [off(50)] });
    await storeItems("sesn_A", used("claude-opus-5-5"));
    expect((await costOf("sesn_A")).tokens).toBe(2_000_000_000);
    // As another process would.
    const terms = {
      ...NO_TERMS,
      discounts: [{ off: 0, model: null, meter: null, effective_from: null }],
    };
    await prisma.priceVersion.create({
      data: {
        ...{ workspace: "default", number: 2, pricedAs: 2, id: randomUUID(), terms },
        ...{ author: "", note: "", createdAt: new Date() },
      },
    });
    await storeItems("sesn_B", used("claude-opus-5-5").map(otherSession));
    expect(await costOf("sesn_B")).toMatchObject({ tokens: 4_000_000_000, book: "2026-11-09+2" });
  });

  test("never comes too late: a save waits for a batch under way, which has the prices before", async () => {
    await storeItems("sesn_A", used("claude-opus-5-5"));
    const order: string[] = [];
    let all: Promise<unknown>[] = [];
    await prisma.$transaction(async (tx) => {
      await tx.$executeRaw`select from session for update`;
      const more = storeItems("sesn_A", request("r2", 71, [1_000_000]));
      await untilHeld();
      const saving = save(0, { discounts: [off(50)] });
      all = [more.then(() => order.push("priced")), saving.then(() => order.push("saved"))];
      await new Promise((resolve) => setTimeout(resolve, 150));
      order.push("let go");
    });
    await Promise.all(all);
    // Which of the two answers is heard first after that is chance.
    expect(order[0]).toBe("let go");
    expect(await costOf("sesn_A")).toMatchObject({ tokens: 8_000_000_000, book: "2026-11-09" });
  });

  test("waits as well for whoever else prices", async () => {
    const order: string[] = [];
    let saving: Promise<unknown> = Promise.resolve();
    await prisma.$transaction(async (tx) => {
      await holdPrices(tx, "default");
      saving = save(0, { discounts: [off(5)] }).then(() => order.push("saved"));
      await new Promise((resolve) => setTimeout(resolve, 150));
      order.push("priced");
    });
    await saving;
    expect(order).toEqual(["priced", "saved"]);
  });

  test("of a trace, every span has the price of its session's version", async () => {
    await save(0, { discounts: [off(50)] });
    await storeItems("sesn_A", used("claude-opus-5-5"));
    await save(1, { discounts: [off(75)] });
    const { data } = (await get(readTrace, "/x", { id: "sesn_A" })) as TracePage;
    expect(data.find(({ kind }) => kind === "model_request")?.cost_nanos).toBe(2_000_000_000);
  });

  test("is in the dated price of its time, whatever its prompt", async () => {
    const later = at(3600).slice(0, 10) > "2026-11-20" ? "2026-11-22" : "2026-11-21";
    const large = { prompt_above: 500, effective_from: later };
    await save(0, {
      prices: [
        price("claude-opus-5-5", { effective_from: later }),
        price("claude-opus-5-5", { ...large, input_pico: 2_000_000 }),
      ],
    });
    const DAYS = 2 * 86_400;
    await storeItems("sesn_A", [
      session({ agent: agentOf("claude-opus-5-5") }),
      running(0),
      ...request("early", 1, [400]),
      ...request("small", DAYS, [400]),
      ...request("large", DAYS + 2, [600]),
      idle(DAYS + 5),
    ]);
    // $4, $1 and $2 a million.
    expect((await costOf("sesn_A")).tokens).toBe(1_600_000 + 400_000 + 1_200_000);
    await addUp(new Date(at(DAYS + 100)), 500);
    expect(await differences()).toEqual([]);
  });
});

/** Until some batch holds the prices. */
async function untilHeld(): Promise<void> {
  for (;;) {
    const [row] = await prisma.$queryRaw<Array<{ n: number }>>`
      select count(*)::int as n from pg_locks where locktype = 'advisory' and mode = 'ShareLock'
        and database = (select oid from pg_database where datname = current_database())`;
    if (row?.n) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const otherSession = (item: SoupItem): SoupItem =>
  item.kind === "session" ? { ...item, data: { ...Object(item.data), id: "sesn_B" } } : item;

describe("the same events leave the same state", () => {
  const terms: Change = {
    prices: [
      price("claude-haiku-4-5", { effective_from: "2026-06-01" }),
      price("claude-haiku-4-5", {
        effective_from: "2026-06-01",
        prompt_above: 3_000,
        input_pico: 7,
      }),
      price("claude-sonnet-4-6"),
    ],
    discounts: [off(10), off(15, { meter: "tokens", effective_from: "2026-03-01" })],
  };
  const items = recordedItems(HP_05);
  const origin = { workspace: "default", connectionId: "", source: "push" as const };
  async function stored(batches: (readonly SoupItem[])[], savedAfter: number) {
    await truncateAll();
    admin = await bearer("admin");
    for (const [at, batch] of batches.entries()) {
      if (at === savedAfter) await save(0, terms);
      const raw = batch.map((item, index) => ({ ...item, index, sessionId: HP_05 }));
      await acceptItems(origin, raw, [], new Date("2026-11-20T12:00:00Z"));
    }
    await addUp(new Date("2026-11-20T12:00:00Z"), 500);
    expect(await differences()).toEqual([]);
    return fingerprint(prisma, "default");
  }

  test("in one batch, one by one backwards, and where the terms were saved on the way", async () => {
    const whole = await stored([items], 0);
    const backwards = [...items].reverse().map((item) => [item]);
    expect(await stored(backwards, 0)).toEqual(whole);
    const half = Math.floor(items.length / 2);
    expect(await stored([items.slice(0, half), items.slice(half)], 1)).toEqual(whole);
  }, 60_000);
});

describe("what is included in a month", () => {
  test("is no price: sessions keep the version that priced them", async () => {
    const included = [{ of: "cost", amount: 5_000_000_000 }];
    await save(0, { discounts: [off(50)] });
    const next = await save(1, { discounts: [off(50)], included });
    expect(next).toMatchObject({ version: "2026-11-09+1", number: 2 });
    await storeItems("sesn_A", used("claude-opus-5-5"));
    expect(await costOf("sesn_A")).toMatchObject({ tokens: 2_000_000_000, book: "2026-11-09+1" });
    await save(2, { discounts: [off(25)], included });
    expect(await get(readVersion, "/x", { number: "2" })).toMatchObject({
      version: "2026-11-09+1",
      changes: [{ list: "included", before: null }],
    });
    expect(await get(readPrices)).toMatchObject({ version: "2026-11-09+3" });
    expect(await differences()).toEqual([]);
  });
});
