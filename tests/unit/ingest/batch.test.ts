import { describe, expect, test } from "vitest";
import { beatsEvent, beatsObject, groupBatch, threadsOfEvent } from "@/lib/ingest/batch";
import { normalizeItem } from "@/lib/ingest/normalize";
import type { EventRecord, ItemKind, JsonObject, ObjectRecord } from "@/lib/ingest/schema";
import { at } from "@/tests/support/events";

function record(kind: ItemKind, data: JsonObject, sessionId = "sesn_A", threadId = "") {
  const result = normalizeItem({ index: 0, kind, sessionId, threadId, data });
  if (result.kind === "rejected") throw new Error(result.rejection.message);
  return result.kind === "event" ? result.event : result.object;
}
const event = (fields: JsonObject = {}, sessionId?: string, threadId?: string) =>
  record(
    "event",
    { id: "sevt_1", type: "agent.message", processed_at: at(1), ...fields },
    sessionId,
    threadId,
  ) as EventRecord;
const object = (kind: ItemKind, fields: JsonObject) => record(kind, fields) as ObjectRecord;

describe("which version of an event stands", () => {
  test.each([
    ["one with a time over one without", { atUs: 5, hash: "a" }, { atUs: null, hash: "z" }],
    ["the later", { atUs: 6, hash: "a" }, { atUs: 5, hash: "z" }],
    ["of one instant the greater hash", { atUs: 5, hash: "z" }, { atUs: 5, hash: "a" }],
    ["both queued, the greater hash", { atUs: null, hash: "z" }, { atUs: null, hash: "a" }],
  ])("%s", (_, winner, loser) => {
    expect(beatsEvent(winner, loser)).toBe(true);
    expect(beatsEvent(loser, winner)).toBe(false);
    expect(beatsEvent(winner, winner)).toBe(false);
  });

  test("of objects: the later, then the greater hash", () => {
    expect(beatsObject({ atUs: 6, hash: "a" }, { atUs: 5, hash: "z" })).toBe(true);
    expect(beatsObject({ atUs: 5, hash: "z" }, { atUs: 5, hash: "a" })).toBe(true);
    expect(beatsObject({ atUs: 5, hash: "a" }, { atUs: 5, hash: "a" })).toBe(false);
  });
});

describe("a request, grouped", () => {
  test("each event once, its best version; one id may stand in two threads and two sessions", () => {
    const best = event();
    const { sessions, repeated } = groupBatch(
      [
        event({ processed_at: null }),
        best,
        event(),
        event({}, "sesn_A", "sthr_1"),
        event({}, "sesn_0"),
      ],
      [],
    );
    expect(repeated).toBe(2);
    expect(sessions.map((session) => [session.sessionId, session.events.length])).toEqual([
      ["sesn_0", 1],
      ["sesn_A", 2],
    ]);
    expect(sessions[1]?.events[0]).toBe(best);
  });

  test("every version of a session, but the newest of a thread, an agent, an environment", () => {
    const older = { created_at: at(1) };
    const newer = { created_at: at(2) };
    const thread = { id: "sthr_1", session_id: "sesn_A" };
    const { sessions, loose, releases, repeated } = groupBatch(
      [],
      [
        object("session", { id: "sesn_A", ...older }),
        object("session", { id: "sesn_A", ...newer }),
        object("session", { id: "sesn_A", ...newer }),
        object("thread", { ...thread, ...newer }),
        object("thread", { ...thread, ...older }),
        object("agent", { id: "same", ...older }),
        object("agent", { id: "same", ...newer }),
        object("environment", { id: "same", ...older }),
      ],
    );
    expect(sessions).toHaveLength(1);
    expect(sessions[0]?.versions.map(({ payload }) => payload.created_at)).toEqual([at(1), at(2)]);
    expect([...(sessions[0]?.threads.values() ?? [])]).toMatchObject([{ payload: newer }]);
    expect(loose).toMatchObject([
      { kind: "agent", payload: newer },
      { kind: "environment", payload: older },
    ]);
    expect(releases).toMatchObject([{ payload: newer }]);
    expect(repeated).toBe(3);
  });

  test("every version of an agent, though only the newest stands for it", () => {
    const agents = [3, 1, 2, 1].map((version) =>
      object("agent", { id: "agent_A", version, updated_at: at(version) }),
    );
    const { loose, releases, repeated } = groupBatch([], agents);
    expect(loose).toMatchObject([{ payload: { version: 3 } }]);
    expect(releases.map(({ payload }) => payload.version)).toEqual([3, 1, 2]);
    expect(repeated).toBe(1);
  });

  test("an event touches its own thread, the one it was copied from, and the one it creates", () => {
    const child = { session_thread_id: "sthr_1" };
    expect(threadsOfEvent(event({}, "sesn_A", "sthr_2"))).toEqual(["sthr_2"]);
    expect(threadsOfEvent(event({ type: "agent.tool_use", ...child }))).toEqual(["", "sthr_1"]);
    expect(threadsOfEvent(event({ type: "session.thread_created", ...child }))).toContain("sthr_1");
  });
});
