import type { ChannelRow } from "../channel-store";
import { discordPayload } from "../discord-payload";
import type { Outcome } from "../outcome";
import { openSecret } from "../secrets-service";
import { post } from "./post";
import type { Outgoing } from "./send";

export async function sendToDiscord(channel: ChannelRow, outgoing: Outgoing): Promise<Outcome> {
  const url = (await openSecret(channel, "url")) ?? "";
  return post({ url, body: JSON.stringify(discordPayload(outgoing)) });
}
