<<<<<<< HEAD
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
=======
import { pool, prisma } from "@/lib/db/client";
import { putNotices } from "@/lib/notify/notice-store";
import { Message, type Notice, NoticeContent } from "@/lib/notify/schema";

const WORKSPACE = "default";

/** A notice of an alert that has just opened, but for what is said of it. */
export function noticeOf(
  id: string,
  now: Date,
  fields: Partial<NoticeContent> & { alertname?: string } = {},
): Notice {
  const { alertname = "Failures", ...rest } = fields;
  const at = now.toISOString();
  return {
    id,
    content: NoticeContent.parse({
      rule: { id: `rule_${alertname}`, name: alertname, kind: "ratio", version: 1 },
      labels: { agent: id },
      ...{ severity: "warning", status: "firing", close_reason: null },
      ...{ opened_at: at, closed_at: null, at, value: 0.5, numerator: 5, denominator: 10 },
      ...{ unit: "ratio", condition: "failure rate above 20 %", threshold: 0.2 },
      ...{ summary: null, description: null, runbook_url: null },
      ...{ sessions: [], session_count: 0, course: [], flapping: false, late: false },
      ...{ health: null, channels: [] },
      ...rest,
    }),
  };
}

/** The same, closed. */
export function closedOf({ id, content }: Notice, now: Date): Notice {
  const closed_at = now.toISOString();
  return { id, content: { ...content, status: "closed", close_reason: "recovered", closed_at } };
}

export const put = (now: Date, ...notices: Notice[]) =>
  prisma.$transaction((tx) => putNotices(tx, WORKSPACE, notices, now));

export async function addChannel(
  id: string,
  fields: { kind?: string; isDefault?: boolean; sendsCloses?: boolean } = {},
): Promise<void> {
  await prisma.channel.create({
    data: { workspace: WORKSPACE, id, name: id, kind: "webhook", settings: {}, ...fields },
  });
}

export type Written = {
  id: string;
  channel: string;
  reason: string;
  state: string;
  sequence: number;
  firing: string[];
  closed: string[];
  message: Message;
  dueAt: Date;
};

/** All deliveries, in the order in which they were written. */
export async function deliveries(): Promise<Written[]> {
  const rows = await prisma.delivery.findMany({
    orderBy: [{ createdAt: "asc" }, { channelId: "asc" }, { groupKey: "asc" }, { sequence: "asc" }],
  });
  return rows.map(({ id, channelId: channel, reason, state, sequence, content, dueAt }) => {
    const message = Message.parse(content);
    const [firing, closed] = [message.firing, message.closed].map((all) =>
      all.map((one) => one.id).sort(),
    );
    return {
      id,
      channel,
      reason,
      state,
      sequence,
      message,
      dueAt,
      firing: firing ?? [],
      closed: closed ?? [],
    };
  });
}

/** In short: channel, reason and what it is about. */
export async function told(): Promise<string[]> {
  return (await deliveries())
    .filter(({ state }) => state !== "dropped")
    .map(({ channel, reason, firing, closed }) =>
      [channel, reason, ...firing.map((id) => `${id}+`), ...closed.map((id) => `${id}-`)].join(" "),
    );
}

/** Lets everything that waits arrive. */
export async function arrive(now: Date): Promise<void> {
  const { rows } = await pool().query(
    `update delivery set state = 'sent', finished_at = $1 where finished_at is null
     returning channel_id, group_key, content`,
    [now],
  );
  for (const { channel_id, group_key, content } of rows) {
    const { firing, closed } = Message.parse(content);
    const known = firing.map(({ id, content: { status, severity } }) => [id, { status, severity }]);
    await pool().query(
      `update notice_group set last_sent_at = $1, told = (told - $2::text[]) || $3::jsonb
       where channel_id = $4 and key = $5`,
      [
        now,
        closed.map(({ id }) => id),
        JSON.stringify(Object.fromEntries(known)),
        channel_id,
        group_key,
      ],
    );
  }
>>>>>>> 816e5d6 (Notify: notices come into groups, and what is due becomes deliveries)
}
