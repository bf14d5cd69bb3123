import { ChannelKind } from "../channel-schema";
import type { ChannelRow } from "../channel-store";
import type { Outcome } from "../outcome";
import type { Message } from "../schema";
import { sendToAlertmanager } from "./alertmanager";
import { sendToDiscord } from "./discord";
import { sendToEmail } from "./email";
import { sendToPagerduty } from "./pagerduty";
import { outcomeOf } from "./post";
import { sendToSlack } from "./slack";
import { sendToTeams } from "./teams";
import { sendToWebhook } from "./webhook";

export type Outgoing = {
  /** The delivery's: the same for every attempt. */
  id: string;
  message: Message;
  /** By it a receiver that keeps incidents knows them again. */
  groupKey: string;
  /** Of this attempt. */
  at: Date;
  /** Where this product is reached, without a slash at its end. */
  base: string;
};

/** One attempt at one message. Never throws: what goes wrong is its outcome. */
export async function sendTo(channel: ChannelRow, outgoing: Outgoing): Promise<Outcome> {
  const startedMs = performance.now();
  try {
    return await send(channel, outgoing);
  } catch (error) {
    return { ...outcomeOf(error), ms: Math.round(performance.now() - startedMs) };
  }
}

function send(channel: ChannelRow, outgoing: Outgoing): Promise<Outcome> {
  const kind = ChannelKind.parse(channel.kind);
  switch (kind) {
    case "email":
      return sendToEmail(channel, outgoing);
    case "teams":
      return sendToTeams(channel, outgoing);
    case "discord":
      return sendToDiscord(channel, outgoing);
    case "slack":
      return sendToSlack(channel, outgoing);
    case "pagerduty":
      return sendToPagerduty(channel, outgoing);
    case "webhook":
      return sendToWebhook(channel, outgoing);
    case "alertmanager":
      return sendToAlertmanager(channel, outgoing);
  }
}

/** How many requests a message is to a channel. */
export function requestsOf({ kind }: ChannelRow, { firing, closed }: Message): number {
  return kind === "pagerduty" ? Math.max(1, firing.length + closed.length) : 1;
}
