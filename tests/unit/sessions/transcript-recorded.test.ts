import { describe, expect, it } from "vitest";
import { plainText } from "@/lib/sessions/content";
import { assembleTranscript } from "@/lib/sessions/transcript";
import type { TranscriptRow } from "@/lib/sessions/transcript-rows";
import { microsFromIso } from "@/lib/time/micros";
import { CHILD, dc07, hp05, hp05Threads, transcriptInput } from "@/tests/unit/sessions/recorded";

/** A row as a reader would tell it: indentation, what it is, what it says. */
function told(row: TranscriptRow): string {
  const who = row.threadId === CHILD ? "drafter " : "";
  switch (row.kind) {
    case "turn":
      return `TURN ${row.ended}`;
    case "gap":
      return `BETWEEN ${row.workers.length} working`;
    case "request":
      return `${who}request ${row.usage?.input_tokens} in ${row.usage?.output_tokens} out`;
    case "message":
      return `  ${who}${row.from}: ${plainText(row.content).slice(0, 30)}`;
    case "tool":
      return `  ${who}${row.name} → ${row.state}`;
    case "handoff":
      return `${row.from} → ${row.to}`;
    case "status":
      return [row.label, ...row.notes].join("; ");
    case "mark":
      return row.label;
    default:
      return `  ${row.kind}`;
  }
}

const read = (rows: readonly TranscriptRow[]) =>
  rows.filter((row) => !row.quiet && row.kind !== "thinking").map(told);

describe("hp-05: a coordinator and its drafter", () => {
  const rows = assembleTranscript(transcriptInput(hp05, { threads: hp05Threads }));

  it("reads as what happened: hand-off, two answered tools, five idles for four runnings", () => {
    expect(read(rows)).toEqual([
      "TURN waiting for catalog_lookup",
      "  user: Order 20 task chairs for the n",
      "request 3175 in 320 out",
      "coordinator started drafter",
      "coordinator → drafter",
      "request 3591 in 50 out",
      "  agent: I've submitted your request to",
      "drafter running",
      "drafter request 2111 in 202 out",
      "  drafter catalog_lookup → ok",
      "drafter idle: waiting for catalog_lookup",
      "session idle: waiting for catalog_lookup",
      "TURN waiting for catalog_lookup",
      "drafter running",
      "session idle: waiting for catalog_lookup; catalog_lookup was answered before this; drafter still works",
      "BETWEEN 1 working",
      "drafter request 2378 in 166 out",
      "  drafter agent: Good, I found a standard ergon",
      "  drafter draft_requisition → ok",
      "drafter idle: waiting for draft_requisition",
      "session idle: waiting for draft_requisition; the session was idle already",
      "TURN waiting for draft_requisition",
      "drafter running",
      "session idle: waiting for draft_requisition; draft_requisition was answered before this; drafter still works",
      "BETWEEN 1 working",
      "drafter request 2709 in 177 out",
      "  drafter agent: Perfect. Now I'll report back ",
      "drafter → coordinator",
      "drafter request 2903 in 2 out",
      "TURN end of turn",
      "request 3607 in 374 out",
      "  agent: Perfect! Your requisition draf",
      "drafter idle: end of turn",
      "session idle: end of turn",
    ]);
  });

  it("tells each event once: copies of the child's events in the session's list are left out", () => {
    const tools = rows.filter((row) => row.kind === "tool");
    expect(tools.map((row) => [row.name, row.use?.session_thread_id])).toEqual([
      ["catalog_lookup", CHILD],
      ["draft_requisition", CHILD],
    ]);
    // The child's own answer has a time, the session's copy none: the wait is read off the former.
    expect(tools.map((row) => (row.endUs ?? 0) - (row.atUs ?? 0))).toEqual([1_124_155, 1_103_008]);
    expect(rows.filter((row) => row.kind === "handoff").map((row) => row.receivedUs)).toEqual([
      microsFromIso("2026-09-05T04:01:31.026648Z"),
      microsFromIso("2026-09-05T04:01:39.920717Z"),
    ]);
  });

  it("adds up to the tokens the platform reports", () => {
    const requests = rows.filter((row) => row.kind === "request");
    const sum = (pick: (row: (typeof requests)[number]) => number | undefined) =>
      requests.reduce((total, row) => total + (pick(row) ?? 0), 0);
    expect(sum((row) => row.usage?.input_tokens)).toBe(20_474);
    expect(sum((row) => row.usage?.output_tokens)).toBe(1291);
  });

  it("keeps every key unique, so that a list can hold its place", () => {
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });

  it("shows the session's own list as it is, copies included", () => {
    const own = assembleTranscript(
      transcriptInput(hp05, { threads: hp05Threads, view: "primary" }),
    );
    const tools = own.filter((row) => row.kind === "tool");
    expect(tools.map((row) => [row.name, row.use?.session_thread_id, row.threadId])).toEqual([
      ["catalog_lookup", null, CHILD],
      ["draft_requisition", null, CHILD],
    ]);
    expect(own.filter((row) => row.kind === "request")).toHaveLength(3);
    expect(
      own.filter((row) => row.kind === "handoff").map((row) => `${row.from} → ${row.to}`),
    ).toEqual(["coordinator → drafter", "drafter → coordinator"]);
  });

  it("shows a child with turns of its own", () => {
    const child = assembleTranscript(transcriptInput(hp05, { threads: hp05Threads, view: CHILD }));
    expect(child.filter((row) => row.kind === "turn").map((row) => row.ended)).toEqual([
      "waiting for catalog_lookup",
      "waiting for draft_requisition",
      "end of turn",
    ]);
    expect(child.filter((row) => row.kind === "request")).toHaveLength(4);
  });

  it("stands still at an instant: later answers are not known yet", () => {
    const untilUs = microsFromIso("2026-09-05T04:01:33.500000Z");
    const then = assembleTranscript(transcriptInput(hp05, { threads: hp05Threads, untilUs }));
    expect(read(then).slice(-3)).toEqual([
      "drafter request 2111 in 202 out",
      "  drafter catalog_lookup → open",
      "drafter idle: waiting for catalog_lookup",
    ]);
    expect(then[0]).toMatchObject({ kind: "turn", ended: null, endUs: null, tone: "open" });
  });

  it("is the same for any window's own part: a cut loses no event and breaks no pairing", () => {
    for (let at = 1; at < hp05.length; at += 1) {
      const tail = assembleTranscript(
        transcriptInput(hp05.slice(at), {
          threads: hp05Threads,
          edges: { start: false, end: true },
        }),
      );
      expect(new Set(tail.map((row) => row.key)).size).toBe(tail.length);
      const answered = tail.filter((row) => row.kind === "tool" && row.result);
      const results = hp05.slice(at).filter((item) => item.type === "user.custom_tool_result");
      const told = new Set(results.map((item) => item.event.custom_tool_use_id));
      expect(answered).toHaveLength(told.size);
    }
  });
});

describe("dc-07: one agent, four calls at once", () => {
  it("shows the calls of one request together, each with its own answer", () => {
    const rows = assembleTranscript(transcriptInput(dc07));
    const at = rows.findIndex((row) => row.kind === "request" && row.usage?.output_tokens === 603);
    const group = rows.slice(at + 1, at + 6);
    expect(group.map(told)).toEqual([
      "  agent: Perfect. The supplier is appro",
      ...Array.from({ length: 4 }, () => "  draft_requisition → ok"),
    ]);
    const drafts = group.flatMap((row) =>
      row.kind === "tool" ? [plainText(row.result?.event.content).match(/REQ-\d+/)?.[0]] : [],
    );
    expect(drafts).toEqual(["REQ-0001", "REQ-0002", "REQ-0003", "REQ-0004"]);
    expect(rows.find((row) => row.kind === "turn" && row.ended?.includes("×4"))).toBeDefined();
  });

  it("puts the message that came without a time where it opened the session", () => {
    const rows = assembleTranscript(transcriptInput(dc07));
    expect(rows.slice(0, 2)).toMatchObject([
      { kind: "turn" },
      { kind: "message", from: "user", placed: true, queued: false, atUs: null },
    ]);
  });
});
