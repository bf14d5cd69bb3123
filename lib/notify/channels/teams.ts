import type { ChannelRow } from "../channel-store";
import type { Outcome } from "../outcome";
import { openSecret } from "../secrets-service";
import { teamsPayload } from "../teams-payload";
import { post } from "./post";
import type { Outgoing } from "./send";

export async function sendToTeams(channel: ChannelRow, outgoing: Outgoing): Promise<Outcome> {
  const url = (await openSecret(channel, "url")) ?? "";
  return post({ url, body: JSON.stringify(teamsPayload(outgoing)) });
}
