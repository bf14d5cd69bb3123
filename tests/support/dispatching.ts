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
}
