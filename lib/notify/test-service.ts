import { newId } from "@/lib/auth/secrets";
import { prisma } from "@/lib/db/client";
import type { ChannelTest, ChannelTestAnswer } from "./channel-schema";
import { requireChannel } from "./channel-service";
import type { ChannelKey, ChannelRow } from "./channel-store";
import { sendTo } from "./channels/send";
import { publicBase } from "./delivery-service";
import { saveFinished } from "./delivery-store";
import { labelsOf } from "./match";
import { attemptOf } from "./outcome";
import { previewRoutes } from "./routes-service";
import { sampleMessage } from "./sample";
import type { Message, NoticeContent } from "./schema";
import type { NoticeTest, NoticeTestAnswer } from "./test-schema";

/**
 * Sends a sample at once and once only, and tells what the receiver answered. It is kept as a delivery;
 * the channel and its groups stay as they are. Throws `not_found`.
 */
export async function testChannel(
  key: ChannelKey,
  { status }: ChannelTest,
  now = new Date(),
): Promise<ChannelTestAnswer> {
  const channel = await requireChannel(key);
  const message = sampleMessage(`test_${channel.id}`, status, now.getTime());
  return tryOut(channel, message, { groupKey: `test_${channel.id}`, now });
}

/**
 * The same with what an alert would say, on every channel that it would be told on. What would hold it
 * back now does not hold back a test, and is said.
 */
export async function testNotice(
  workspace: string,
  content: NoticeContent,
  { escalation }: Pick<NoticeTest, "escalation">,
  now = new Date(),
): Promise<NoticeTestAnswer> {
  const labels = labelsOf(content);
  const { targets, silenced, routes } = await previewRoutes(
    workspace,
    { labels, channels: content.channels },
    now,
  );
  const first = targets.filter(
    ({ channel }, at) => targets.findIndex((one) => one.channel.id === channel.id) === at,
  );
  const groupKey = `test_${content.rule.id}`;
  const tried = first.map(async ({ channel, route, group, after_ms, muted }) => {
    const isTold = after_ms === 0 || escalation;
    const row = isTold ? await requireChannel({ workspace, id: channel.id }) : null;
    const message = messageOf(content, group);
    return {
      ...{ channel, after_ms, muted },
      route: routes.flatMap(({ id, name }) => (id === route ? [{ id, name }] : []))[0] ?? null,
      test: row && (await tryOut(row, message, { groupKey, now })),
    };
  });
  return { silenced, targets: await Promise.all(tried) };
}

function messageOf(content: NoticeContent, group: Record<string, string>): Message {
  const member = { id: `test_${content.rule.id}`, content };
  const isClosed = content.status === "closed";
  return {
    ...{ reason: "test", group, more: 0, acknowledged_by: null },
    firing: isClosed ? [] : [member],
    closed: isClosed ? [member] : [],
  };
}

async function tryOut(
  channel: ChannelRow,
  message: Message,
  { groupKey, now }: { groupKey: string; now: Date },
): Promise<ChannelTestAnswer> {
  const id = newId("dlv");
  const outcome = await sendTo(channel, { id, message, groupKey, at: now, base: publicBase() });
  const ok = outcome.verdict === "sent";
  await saveFinished(prisma, {
    ...{ workspace: channel.workspace, id, channelId: channel.id, groupKey: null, sequence: 0 },
    ...{ reason: "test", content: message, episodeIds: [], dueAt: now },
    state: ok ? "sent" : "failed",
    stateReason: ok ? null : "refused",
    attempt: attemptOf(outcome, now.getTime()),
    finishedAt: new Date(now.getTime() + outcome.ms),
  });
  const { status: answered, body, ms, error } = outcome;
  return { ok, reason: "test", delivery_id: id, status: answered, body, ms, error };
}
