import { SETTINGS } from "../channel-schema";
import type { ChannelRow } from "../channel-store";
import type { Outcome } from "../outcome";
import { pagerdutyEvents } from "../pagerduty-payload";
import { openSecret } from "../secrets-service";
import { post } from "./post";
import type { Outgoing } from "./send";

/** One event after the other until one is not taken; those before it are known again by their keys. */
export async function sendToPagerduty(channel: ChannelRow, outgoing: Outgoing): Promise<Outcome> {
  const { url } = SETTINGS.pagerduty.parse(channel.settings);
  const routingKey = (await openSecret(channel, "routing_key")) ?? "";
  let ms = 0;
  let last: Outcome | null = null;
  for (const event of pagerdutyEvents({ ...outgoing, routingKey })) {
    last = await post({ url, body: JSON.stringify(event) });
    ms += last.ms;
    if (last.verdict !== "sent") break;
  }
  if (last === null) throw new Error("a message without members");
  return { ...last, ms };
}
