import { postedAlerts } from "../alertmanager-payload";
import { SETTINGS } from "../channel-schema";
import type { ChannelRow } from "../channel-store";
import type { Outcome } from "../outcome";
import { openSecret } from "../secrets-service";
import { post } from "./post";
import type { Outgoing } from "./send";

/** An Alertmanager, which groups, routes and silences by its own rules. */
export async function sendToAlertmanager(
  channel: ChannelRow,
  outgoing: Outgoing,
): Promise<Outcome> {
  const { url, user } = SETTINGS.alertmanager.parse(channel.settings);
  const token = await openSecret(channel, "token");
  const password = await openSecret(channel, "password");
  const basic = Buffer.from(`${user}:${password ?? ""}`).toString("base64");
  const authorization = token ? `Bearer ${token}` : user ? `Basic ${basic}` : null;
  return post({
    url: `${url.replace(/\/+$/, "")}/api/v2/alerts`,
    headers: authorization === null ? {} : { authorization },
    body: JSON.stringify(postedAlerts(outgoing)),
  });
}
