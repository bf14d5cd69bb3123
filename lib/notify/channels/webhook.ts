import { z } from "zod";
import { webhookV4 } from "../alertmanager-payload";
import { SETTINGS } from "../channel-schema";
import type { ChannelRow } from "../channel-store";
import type { Outcome } from "../outcome";
import { ownPayload } from "../own-payload";
import { openSecret, openSecrets } from "../secrets-service";
import { webhookHeaders } from "../standard-webhooks";
import { post } from "./post";
import type { Outgoing } from "./send";

const Headers = z.record(z.string(), z.string());

/** A receiver of one's own, in either form, signed by every live secret. */
export async function sendToWebhook(channel: ChannelRow, outgoing: Outgoing): Promise<Outcome> {
  const { url, format } = SETTINGS.webhook.parse(channel.settings);
  const payload =
    format === "alertmanager"
      ? webhookV4({ ...outgoing, receiver: channel.name })
      : ownPayload(outgoing);
  const body = JSON.stringify(payload);
  const secrets = await openSecrets(channel, "secret");
  const headers = Headers.parse(JSON.parse((await openSecret(channel, "headers")) ?? "{}"));
  const { id, at } = outgoing;
  return post({ url, body, headers: { ...headers, ...webhookHeaders({ id, at, body, secrets }) } });
}
