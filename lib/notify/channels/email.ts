import type { ChannelRow } from "../channel-store";
import type { Outcome } from "../outcome";
import type { Outgoing } from "./send";

export async function sendToEmail(_channel: ChannelRow, _outgoing: Outgoing): Promise<Outcome> {
  throw new Error("not yet");
}
