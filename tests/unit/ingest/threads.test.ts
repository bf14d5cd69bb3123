import { describe, expect, test } from "vitest";
import { normalizeItem } from "@/lib/ingest/normalize";
import type { JsonObject, ObjectRecord } from "@/lib/ingest/schema";
import {
  newThreadRecord,
  takeThreadObject,
  threadColumns,
  threadPricing,
} from "@/lib/ingest/threads";
import { agentOf, at, CHILD, PRIMARY, SESSION, thread } from "@/tests/support/events";

function objectOf(agent: JsonObject, fields: JsonObject = {}): ObjectRecord {
  const item = { ...thread(CHILD, agent, fields), index: 0, sessionId: SESSION };
  const read = normalizeItem(item);
  if (read.kind !== "object") throw new Error("not an object");
  return read.object;
}
function taken(...objects: ObjectRecord[]) {
  const record = newThreadRecord(SESSION, CHILD);
  const words = objects.map((object) => takeThreadObject(record, object));
  return { record, words };
}
const haiku = agentOf("claude-haiku-4-5", { name: "helper" });

describe("a thread's object", () => {
  test("the newest stands, whatever order they come in", () => {
    const older = objectOf(haiku, { updated_at: at(1), status: "running" });
    const newer = objectOf(haiku, { updated_at: at(2), status: "idle" });
    const forward = taken(older, newer, newer);
    const backward = taken(newer, older);
    expect(forward.words).toEqual(["new", "newer", "same"]);
    expect(backward.words).toEqual(["new", "same"]);
    expect(forward.record).toEqual(backward.record);
    expect(threadColumns(forward.record).status).toBe("idle");
  });

  test("its columns", () => {
    const { record } = taken(
      objectOf(haiku, { workflow_run_id: "wrun_1", archived_at: at(9), status: "terminated" }),
    );
    expect(threadColumns(record)).toEqual({
      parent_thread_id: PRIMARY,
      agent_id: "agent_A",
      agent_name: "helper",
      agent_version: "3",
      model: "claude-haiku-4-5",
      workflow_run_id: "wrun_1",
      status: "terminated",
      created_at: at(0),
      archived_at: at(9),
    });
  });

  test.each([
    ["an advisor has the platform's name", { type: "advisor", model: "m" }, "anthropic.advisor"],
    ["an inline agent has none", { type: "inline", model: { id: "m" } }, null],
  ])("%s, and neither id nor version", (_, agent, agent_name) => {
    expect(threadColumns(taken(objectOf(agent)).record)).toMatchObject({
      agent_id: null,
      agent_name,
      agent_version: null,
      model: "m",
    });
  });

  test("its prices: model, speed and geography of its own agent", () => {
    const us = { id: "claude-opus-5", speed: "fast", inference_geo: "us" };
    expect(threadPricing(taken(objectOf(agentOf(us))).record)).toEqual({
      model: "claude-opus-5",
      speed: "fast",
      geo: "us",
    });
    const unknown = { model: null, speed: null, geo: null };
    expect(threadPricing(newThreadRecord(SESSION, CHILD))).toEqual(unknown);
    expect(threadPricing(taken(objectOf({ type: "inline" })).record)).toEqual(unknown);
  });
});
