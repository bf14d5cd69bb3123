import { describe, expect, it } from "vitest";
import { BATCH_CHARS, BATCH_ITEMS, importBatches } from "@/lib/ingest/import-batches";
import type { RawItem } from "@/lib/ingest/schema";

const event = (index: number, text = ""): RawItem => ({
  index,
  kind: "event",
  sessionId: "sesn_1",
  threadId: null,
  data: { id: `sevt_${index}`, type: "agent.message", text },
});

describe("batches of an import", () => {
  it("says an item as ingest's NDJSON does", () => {
    const session: RawItem = {
      index: 0,
      kind: "session",
      sessionId: "sesn_1",
      threadId: null,
      data: { id: "sesn_1" },
    };
    const [batch] = importBatches([session, event(1)]);
    expect(batch?.ndjson.split("\n").map((line) => JSON.parse(line))).toEqual([
      { kind: "session", data: { id: "sesn_1" } },
      {
        kind: "event",
        session_id: "sesn_1",
        session_thread_id: null,
        data: { id: "sevt_1", type: "agent.message", text: "" },
      },
    ]);
  });

  it("takes no more than the limit of items, and every item once", () => {
    const items = Array.from({ length: BATCH_ITEMS * 2 + 1 }, (_, index) => event(index));
    const batches = [...importBatches(items)];
    expect(batches.map(({ first, count }) => [first, count])).toEqual([
      [0, BATCH_ITEMS],
      [BATCH_ITEMS, BATCH_ITEMS],
      [BATCH_ITEMS * 2, 1],
    ]);
    expect(batches.flatMap((batch) => batch.ndjson.split("\n"))).toHaveLength(items.length);
  });

  it("stays below the limit of size, but for one item that is larger by itself", () => {
    const third = "x".repeat(BATCH_CHARS / 3);
    const items = [
      event(0, third),
      event(1, third),
      event(2, third),
      event(3, "x".repeat(BATCH_CHARS + 1)),
    ];
    const batches = [...importBatches(items)];
    expect(batches.map(({ count }) => count)).toEqual([2, 1, 1]);
  });

  it("makes nothing of nothing", () => expect([...importBatches([])]).toEqual([]));
});
