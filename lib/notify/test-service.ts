import { newId } from "@/lib/auth/secrets";
import { prisma } from "@/lib/db/client";
import type { ChannelTest, ChannelTestAnswer } from "./channel-schema";
import { requireChannel } from "./channel-service";
import type { ChannelKey } from "./channel-store";
import { sendTo } from "./channels/send";
import { publicBase } from "./delivery-service";
import { saveFinished } from "./delivery-store";
import { attemptOf } from "./outcome";
import { sampleMessage } from "./sample";

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
  const id = newId("dlv");
  const message = sampleMessage(`test_${channel.id}`, status, now.getTime());
  const outgoing = { id, message, groupKey: `test_${channel.id}`, at: now, base: publicBase() };
  const outcome = await sendTo(channel, outgoing);
  const ok = outcome.verdict === "sent";
  await saveFinished(prisma, {
    ...{ workspace: key.workspace, id, channelId: channel.id, groupKey: null, sequence: 0 },
    ...{ reason: "test", content: message, episodeIds: [], dueAt: now },
    state: ok ? "sent" : "failed",
    stateReason: ok ? null : "refused",
    attempt: attemptOf(outcome, now.getTime()),
    finishedAt: new Date(now.getTime() + outcome.ms),
  });
  const { status: answered, body, ms, error } = outcome;
  return { ok, reason: "test", delivery_id: id, status: answered, body, ms, error };
}
