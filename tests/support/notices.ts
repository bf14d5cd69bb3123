import type { Message, NoticeContent } from "@/lib/notify/schema";

/** What is said of an alert about an agent's failure rate; it fires unless told otherwise. */
export function content(more: Partial<NoticeContent> = {}): NoticeContent {
  return {
    rule: { id: "rule_1", name: "Failure rate", kind: "ratio", version: 3 },
    labels: { agent: "agent_A" },
    names: { agent_A: "triage" },
    severity: "high",
    status: "firing",
    close_reason: null,
    opened_at: "2026-11-20T10:00:00.000Z",
    closed_at: null,
    at: "2026-11-20T10:12:00.000Z",
    value: 0.31,
    numerator: 9,
    denominator: 29,
    unit: "ratio",
    condition: "failure rate above 20 % over 15 min, at least 10 sessions",
    threshold: 0.2,
    summary: null,
    description: null,
    runbook_url: "https://runbooks.example.com/failures",
    sessions: [
      { id: "sesn_1", outcome: "retries_exhausted", cost_nanos: 412_000_000 },
      { id: "sesn_2", outcome: "terminated", cost_nanos: 12_400_000_000 },
      { id: "sesn_3", outcome: "refused", cost_nanos: 0 },
    ],
    session_count: 9,
    course: Array.from({ length: 30 }, (_, minute) => [
      Date.parse("2026-11-20T09:42:00Z") + minute * 60_000,
      minute === 4 ? null : minute / 100,
    ]),
    flapping: false,
    late: false,
    health: null,
    channels: [],
    ...more,
  };
}

export const closedContent = (more: Partial<NoticeContent> = {}) =>
  content({
    status: "closed",
    close_reason: "recovered",
    closed_at: "2026-11-20T10:42:00.000Z",
    at: "2026-11-20T10:42:00.000Z",
    value: 0.08,
    numerator: 2,
    denominator: 25,
    ...more,
  });

type Members = Record<string, Partial<NoticeContent>>;

/** A message about these episodes. */
export function message(
  firing: Members,
  closed: Members = {},
  more: Partial<Message> = {},
): Message {
  return {
    reason: Object.keys(firing).length > 0 ? "opened" : "closed",
    group: { agent: "agent_A" },
    firing: Object.entries(firing).map(([id, of]) => ({ id, content: content(of) })),
    closed: Object.entries(closed).map(([id, of]) => ({ id, content: closedContent(of) })),
    more: 0,
    acknowledged_by: null,
    ...more,
  };
}
