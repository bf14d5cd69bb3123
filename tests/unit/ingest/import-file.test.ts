import { describe, expect, test } from "vitest";
import { type ImportHints, parseImportFile } from "@/lib/ingest/import-file";
import { DC_07, HP_05, HP_05_CHILD, recordedText } from "@/tests/support/recorded";

const event = (id: string) => ({ id, type: "agent.message", processed_at: null });
const session = { id: "sesn_A", type: "session", agent: { id: "agent_A", model: { id: "m" } } };
const thread = { id: "sthr_A", type: "session_thread", session_id: "sesn_A" };
const agent = { id: "agent_A", type: "agent", name: "triage" };
const environment = { id: "env_A", type: "environment", name: "prod" };
const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");

/** Each item as [kind, session, thread, id of its data]. */
function read(text: string, hints: ImportHints = {}, name = "events.json") {
  const parsed = parseImportFile(name, text, hints);
  const items = parsed.items.map(({ kind, sessionId, threadId, data }) => [
    kind,
    sessionId,
    threadId,
    (data as { id?: string } | null)?.id,
  ]);
  expect(parsed.items.map((item) => item.index)).toEqual(parsed.items.map((_, index) => index));
  return { ...parsed, items };
}
const A = { session: "sesn_A" };
const two = [
  ["event", "sesn_A", null, "sevt_1"],
  ["event", "sesn_A", null, "sevt_2"],
];

describe("the forms a file may have", () => {
  test.each([
    ["a list", JSON.stringify([event("sevt_1"), event("sevt_2")])],
    [
      "a list with a byte order mark",
      `\uFEFF${JSON.stringify([event("sevt_1"), event("sevt_2")])}`,
    ],
    [
      "an answer of the list endpoint",
      JSON.stringify({ data: [event("sevt_1"), event("sevt_2")], next_page: null }),
    ],
    ["JSONL", lines(event("sevt_1"), event("sevt_2"))],
    [
      "JSONL with CRLF and blank lines",
      `${lines(event("sevt_1"))}\r\n\r\n${lines(event("sevt_2"))}\r\n`,
    ],
    [
      "envelopes of our NDJSON",
      lines(
        ...["sevt_1", "sevt_2"].map((id) => ({
          kind: "event",
          session_id: "sesn_A",
          data: event(id),
        })),
      ),
    ],
    [
      "entries of our JSON body",
      JSON.stringify({
        events: ["sevt_1", "sevt_2"].map((id) => ({ session_id: "sesn_A", event: event(id) })),
      }),
    ],
    [
      "a bundle that names its session",
      JSON.stringify({ session_id: "sesn_A", events: [event("sevt_1"), event("sevt_2")] }),
    ],
  ])("%s", (_, text) => {
    const parsed = read(text, A);
    expect(parsed).toMatchObject({ items: two, rejected: [], needs: null, notes: ["2 events"] });
  });

  test("one event, alone in its file", () => {
    expect(read(JSON.stringify(event("sevt_1")), A).items).toEqual([two[0]]);
  });

  test("a bundle of everything, objects first", () => {
    const bundle = {
      agents: [agent],
      environments: [environment],
      deployments: [{ id: "depl_A", type: "deployment" }],
      deployment_runs: [{ id: "drun_A", type: "deployment_run" }],
      sessions: [session],
      threads: [thread],
      events: [event("sevt_1")],
    };
    const { items, notes } = read(JSON.stringify(bundle));
    expect(items).toEqual([
      ["agent", null, null, "agent_A"],
      ["environment", null, null, "env_A"],
      ["deployment", null, null, "depl_A"],
      ["deployment_run", null, null, "drun_A"],
      ["session", "sesn_A", null, "sesn_A"],
      ["thread", "sesn_A", null, "sthr_A"],
      ["event", "sesn_A", null, "sevt_1"],
    ]);
    expect(notes).toEqual([
      "1 session",
      "1 thread",
      "1 agent",
      "1 environment",
      "1 deployment",
      "1 deployment run",
      "1 event",
    ]);
  });

  test.each([
    ["objects by their type", [agent, environment, session, thread]],
    [
      "objects by their envelope",
      [
        { kind: "agent", data: agent },
        { kind: "environment", data: environment },
        { kind: "session", data: session },
        { kind: "thread", data: thread },
      ],
    ],
  ])("%s", (_, values) => {
    expect(read(lines(...values)).items.map(([kind]) => kind)).toEqual([
      "agent",
      "environment",
      "session",
      "thread",
    ]);
  });

  test("a download: one session, its threads with lists of their own", () => {
    const download = {
      session,
      threads: [{ id: "sthr_A", type: "session_thread", events: [event("sevt_2")] }],
      events: [event("sevt_1")],
    };
    expect(read(JSON.stringify(download)).items).toEqual([
      ["session", "sesn_A", null, "sesn_A"],
      ["thread", "sesn_A", null, "sthr_A"],
      ["event", "sesn_A", "sthr_A", "sevt_2"],
      ["event", "sesn_A", null, "sevt_1"],
    ]);
  });
});

describe("whose events they are", () => {
  const one = JSON.stringify([event("sevt_1")]);
  test.each<[name: string, file: string, text: string, hints: ImportHints, expected: unknown[]]>([
    ["said by hand", "x.jsonl", one, { session: "sesn_H", thread: "sthr_H" }, ["sesn_H", "sthr_H"]],
    ["said by the file's name", "sesn_F.sthr_F.jsonl", one, {}, ["sesn_F", "sthr_F"]],
    ["by hand before by name", "sesn_F.jsonl", one, { session: "sesn_H" }, ["sesn_H", null]],
    [
      "by the one session beside them",
      "x.jsonl",
      lines(session, event("sevt_1")),
      {},
      ["sesn_A", null],
    ],
    [
      "by themselves before all",
      "sesn_F.sthr_F.jsonl",
      JSON.stringify({ kind: "event", session_id: "sesn_E", data: event("sevt_1") }),
      { session: "sesn_H" },
      ["sesn_E", null],
    ],
  ])("%s", (_, file, text, hints, [sessionId, threadId]) => {
    const [owned] = read(text, hints, file).items.filter(([kind]) => kind === "event");
    expect(owned).toEqual(["event", sessionId, threadId, "sevt_1"]);
  });

  test("nobody says it: nothing is taken, and the session is asked for", () => {
    expect(read(one)).toEqual({ items: [], rejected: [], notes: ["1 event"], needs: "session" });
  });

  test("an empty session is none, an empty thread the primary's", () => {
    const entry = { session_id: "", session_thread_id: "", event: event("sevt_1") };
    expect(read(JSON.stringify(entry))).toMatchObject({ items: [], needs: "session" });
    expect(read(JSON.stringify(entry), A).items).toEqual([two[0]]);
  });

  test("two sessions beside them do not say it either", () => {
    const text = lines(session, { ...session, id: "sesn_B" }, event("sevt_1"));
    expect(read(text)).toMatchObject({ items: [], needs: "session" });
  });

  test("a model said by hand describes a session that the file does not", () => {
    const { items } = parseImportFile("x", one, { ...A, model: "claude-haiku-4-5" });
    expect(items[0]).toMatchObject({
      kind: "session",
      sessionId: "sesn_A",
      data: { id: "sesn_A", agent: { model: { id: "claude-haiku-4-5" } } },
    });
    const described = read(lines(session, event("sevt_1")), { model: "claude-haiku-4-5" });
    expect(described.items.filter(([kind]) => kind === "session")).toHaveLength(1);
  });
});

describe("nothing vanishes", () => {
  test("lines that are no items are named with their number", () => {
    const text = `${lines(event("sevt_1"))}\nnot json\n${lines("text", { some: "thing" }, event("sevt_2"))}`;
    const { items, rejected } = read(text, A);
    expect(items).toEqual(two);
    expect(rejected).toEqual([
      { line: 2, message: "not JSON" },
      { line: 3, message: "not an event, session, thread, agent or environment" },
      { line: 4, message: "not an event, session, thread, agent or environment" },
    ]);
  });

  test.each([
    ["an object of something else", '{"some": "thing"}'],
    ["a number", "7"],
    ["null", "null"],
    ["a list of numbers", "[1, 2]"],
  ])("a file that is %s", (_, text) => {
    expect(read(text, A)).toMatchObject({
      items: [],
      rejected: [
        {
          line: 1,
          message: "neither events nor a session, thread, agent or environment was found",
        },
      ],
    });
  });

  test.each([
    ["in a list", [event("sevt_1"), 7, { some: "thing" }]],
    ["in a bundle", { session_id: "sesn_A", events: [event("sevt_1"), 7, { some: "thing" }] }],
  ])(
    "a stranger %s is sent along, to be refused and kept where it can be looked at",
    (_, value) => {
      const { items } = parseImportFile("x", JSON.stringify(value), A);
      expect(items.map(({ kind, data }) => [kind, data])).toEqual([
        ["event", event("sevt_1")],
        ["event", 7],
        ["event", { some: "thing" }],
      ]);
    },
  );

  test("an event of the future is an event, whatever its type is called and whatever it holds", () => {
    const future = { id: "sevt_1", type: "omen", data: [event("sevt_x")] };
    expect(read(lines(future, event("sevt_2")), A).items).toEqual(two);
  });

  test("an event without an id is sent along: ingest says what it lacks, or names an old interrupt", () => {
    const nameless = { type: "user.interrupt", processed_at: null };
    expect(parseImportFile("x", lines(event("sevt_1"), nameless), A)).toMatchObject({
      items: [{ data: event("sevt_1") }, { data: nameless }],
      rejected: [],
    });
  });

  test("lists in lists in lists … are strangers, not a way to exhaust the stack", () => {
    const text = `[${JSON.stringify(event("sevt_1"))},${"[".repeat(50_000)}${"]".repeat(50_000)}]`;
    expect(parseImportFile("x", text, A).items).toHaveLength(2);
  });

  test("an empty file holds nothing and needs nothing", () => {
    expect(read("")).toEqual({ items: [], rejected: [], notes: [], needs: null });
  });
});

describe("the recorded files", () => {
  test.each([
    ["dc-07.primary.jsonl", { session: DC_07 }, 48, null],
    ["hp-05-coordinator.primary.jsonl", { session: HP_05 }, 49, null],
    [`hp-05-coordinator.${HP_05_CHILD}.jsonl`, { session: HP_05 }, 23, HP_05_CHILD],
  ] as const)("%s", (file, hints, count, threadId) => {
    const { items, rejected, needs } = parseImportFile(file, recordedText(file), hints);
    expect([rejected, needs]).toEqual([[], null]);
    expect(items).toHaveLength(count);
    for (const item of items)
      expect(item).toMatchObject({ kind: "event", sessionId: hints.session, threadId });
    expect(parseImportFile(file, recordedText(file), {}).needs).toBe("session");
  });

  test("sessions.json", () => {
    const { items, rejected, notes } = read(recordedText("sessions.json"));
    expect(rejected).toEqual([]);
    expect(items).toEqual([
      ["session", HP_05, null, HP_05],
      ["session", DC_07, null, DC_07],
      ["thread", HP_05, null, HP_05_CHILD],
    ]);
    expect(notes).toEqual(["2 sessions", "1 thread"]);
  });
});
