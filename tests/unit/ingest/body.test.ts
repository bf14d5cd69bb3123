import { describe, expect, test } from "vitest";
import { parseBody } from "@/lib/ingest/body";
import { ITEM_KINDS, MAX_ITEMS } from "@/lib/ingest/schema";

const json = "application/json";
const ndjson = "application/x-ndjson";
const event = (id: string) => ({ id, type: "agent.message", processed_at: null });
const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");

describe("a JSON body", () => {
  const body = {
    source: "sdk",
    agents: [{ id: "agent_A" }],
    environments: [{ id: "env_A" }],
    deployments: [{ id: "depl_A" }],
    deployment_runs: [{ id: "drun_A" }],
    vaults: [{ id: "vlt_A" }],
    memory_stores: [{ id: "memstore_A" }],
    sessions: [{ id: "sesn_A" }],
    threads: [{ id: "sthr_A", session_id: "sesn_B" }],
    events: [
      { session_id: "sesn_A", session_thread_id: null, event: event("sevt_1") },
      { session_id: "sesn_A", session_thread_id: "sthr_A", event: event("sevt_2") },
    ],
  };

  test("holds every kind of item, each with the session it belongs to", () => {
    const { source, items, rejected } = parseBody(JSON.stringify(body), `${json}; charset=utf-8`);
    expect(source).toBe("sdk");
    expect(rejected).toEqual([]);
    expect(
      items.map(({ kind, sessionId, threadId, data }) => [kind, sessionId, threadId, data]),
    ).toEqual([
      ["agent", null, null, { id: "agent_A" }],
      ["environment", null, null, { id: "env_A" }],
      ["deployment", null, null, { id: "depl_A" }],
      ["deployment_run", null, null, { id: "drun_A" }],
      ["vault", null, null, { id: "vlt_A" }],
      ["memory_store", null, null, { id: "memstore_A" }],
      ["session", "sesn_A", null, { id: "sesn_A" }],
      ["thread", "sesn_B", null, { id: "sthr_A", session_id: "sesn_B" }],
      ["event", "sesn_A", null, event("sevt_1")],
      ["event", "sesn_A", "sthr_A", event("sevt_2")],
    ]);
  });

  test.each([
    ["all parts are optional", {}],
    ["null is absent", { source: null, events: null }],
  ])("%s", (_, given) => {
    expect(parseBody(JSON.stringify(given), null)).toEqual({
      source: "push",
      items: [],
      rejected: [],
    });
  });

  test("what is no item is handed on to be refused alone, in its place", () => {
    const { items } = parseBody('{"events": [7, {"session_id": "s"}], "sessions": [null]}', json);
    expect(items).toEqual([
      { index: 0, kind: "session", sessionId: null, threadId: null, data: null },
      { index: 1, kind: "event", sessionId: null, threadId: null, data: 7 },
      { index: 2, kind: "event", sessionId: "s", threadId: undefined, data: undefined },
    ]);
  });

  test("the body's own source goes before the request's", () => {
    expect(parseBody('{"source": "otlp"}', json, "import").source).toBe("otlp");
    expect(parseBody("{}", json, "import").source).toBe("import");
  });

  test.each([
    ["no JSON", "{", json, "invalid", /^The body is not JSON: /],
    ["nothing", "", json, "invalid", /^The body is not JSON: /],
    ["a list", "[]", json, "invalid", /^The body must be a JSON object\.$/],
    ["a list that is none", '{"events": {}}', json, "invalid", /^events: expected a list\.$/],
    [
      "a source nobody knows",
      '{"source": "mail"}',
      json,
      "invalid",
      /^source: expected one of poll, stream, push, sdk, otlp, import, demo\.$/,
    ],
    [
      "another type",
      "a=b",
      "application/x-www-form-urlencoded",
      "invalid",
      /^content-type: send application\/json or application\/x-ndjson, not application\/x-www-form-urlencoded\.$/,
    ],
    [
      "an item too many",
      JSON.stringify({ sessions: new Array(MAX_ITEMS).fill({}), events: [{}] }),
      json,
      "too_large",
      /^At most 10000 items a request; split the batch\.$/,
    ],
    ["a line too many", "{}\n".repeat(MAX_ITEMS + 1), ndjson, "too_large", /^At most 10000 items/],
  ])("%s is refused whole", (_, text, type, code, message) => {
    let thrown: unknown;
    try {
      parseBody(text, type);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test("as many as are allowed are taken", () => {
    const text = JSON.stringify({ events: new Array(MAX_ITEMS).fill({}) });
    expect(parseBody(text, json).items).toHaveLength(MAX_ITEMS);
  });
});

describe("NDJSON", () => {
  test.each([ndjson, "application/ndjson", "application/jsonl"])(
    "as %s: an item a line",
    (type) => {
      const text = lines(
        { kind: "session", data: { id: "sesn_A" } },
        { kind: "thread", data: { id: "sthr_A", session_id: "sesn_A" } },
        { kind: "event", session_id: "sesn_A", session_thread_id: "sthr_A", data: event("sevt_1") },
        { kind: "environment", data: { id: "env_A" } },
      );
      const { source, items, rejected } = parseBody(text, type, "import");
      expect(source).toBe("import");
      expect(rejected).toEqual([]);
      expect(items.map(({ kind, sessionId, threadId }) => [kind, sessionId, threadId])).toEqual([
        ["session", "sesn_A", undefined],
        ["thread", "sesn_A", undefined],
        ["event", "sesn_A", "sthr_A"],
        ["environment", null, undefined],
      ]);
    },
  );

  test("a line that cannot be read is refused alone; blank lines are no lines", () => {
    const good = JSON.stringify({ kind: "event", session_id: "s", data: event("sevt_1") });
    const text = `${good}\r\n\n{oops\n  \n"text"\n{"kind":"dream"}\n${good}\n`;
    const { items, rejected } = parseBody(text, ndjson);
    expect(items.map((item) => item.index)).toEqual([0, 4]);
    expect(rejected).toEqual([
      expect.objectContaining({
        index: 1,
        kind: "event",
        code: "invalid",
        message: expect.stringMatching(/^not JSON: /),
        line: "{oops",
      }),
      expect.objectContaining({
        index: 2,
        message: `kind: expected one of ${ITEM_KINDS.join(", ")}`,
      }),
      expect.objectContaining({ index: 3, line: '{"kind":"dream"}' }),
    ]);
  });

  test("says nothing of a source: it is push unless the request says otherwise", () => {
    expect(parseBody("", ndjson)).toEqual({ source: "push", items: [], rejected: [] });
  });
});
