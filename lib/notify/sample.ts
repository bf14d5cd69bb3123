import type { Message, NoticeContent } from "./schema";

const MINUTE_MS = 60_000;
const COURSE_MINUTES = 60;

/** A message as an alert would make it, for trying a channel: opened, or closed again. */
export function sampleMessage(id: string, status: "opened" | "closed", nowMs: number): Message {
  const member = { id, content: sampleContent(status, nowMs) };
  return {
    reason: "test",
    group: { agent: "triage" },
    firing: status === "opened" ? [member] : [],
    closed: status === "closed" ? [member] : [],
    more: 0,
    acknowledged_by: null,
  };
}

function sampleContent(status: "opened" | "closed", nowMs: number): NoticeContent {
  const at = new Date(nowMs).toISOString();
  const isClosed = status === "closed";
  return {
    rule: { id: "rule_test", name: "Test of this channel", kind: "ratio", version: 1 },
    labels: { agent: "triage" },
    names: {},
    severity: "warning",
    status: isClosed ? "closed" : "firing",
    close_reason: isClosed ? "recovered" : null,
    opened_at: new Date(nowMs - 12 * MINUTE_MS).toISOString(),
    closed_at: isClosed ? at : null,
    at,
    value: isClosed ? 0.08 : 0.31,
    numerator: isClosed ? 2 : 9,
    denominator: isClosed ? 25 : 29,
    unit: "ratio",
    condition: "failure rate above 20 % over 15 min, at least 10 sessions",
    threshold: 0.2,
    summary: "A sample: somebody tries whether messages arrive here.",
    description: null,
    runbook_url: null,
    sessions: [],
    session_count: 0,
    course: Array.from({ length: COURSE_MINUTES }, (_, minute) => [
      nowMs - (COURSE_MINUTES - minute) * MINUTE_MS,
      sampleValue(minute, isClosed),
    ]),
    flapping: false,
    late: false,
    health: null,
    channels: [],
  };
}

/** Around 4 %, then a climb; of a closed one, down again. */
function sampleValue(minute: number, isClosed: boolean): number {
  const ripple = 0.015 * Math.sin(minute / 2);
  const height = isClosed
    ? Math.max(0, 1 - Math.abs(minute - 45) / 12)
    : Math.max(0, (minute - 44) / 15);
  return 0.04 + ripple + 0.27 * Math.min(1, height);
}
