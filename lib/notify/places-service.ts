import { invalidField } from "@/lib/http/errors";
import { OutboundError } from "@/lib/http/outbound-error";
import { checkedAddresses, checkOutboundUrl } from "@/lib/http/outbound-guard";
import type { WrittenSecrets } from "./channel-parts";
import { type ChannelKind, SETTINGS } from "./channel-schema";

type Parts = { settings: object; secrets: WrittenSecrets };

/** For the moment a channel is saved: throws `invalid` for a place that would not be called. */
export async function checkPlaces(kind: ChannelKind, { settings, secrets }: Parts): Promise<void> {
  switch (kind) {
    case "email":
      return checkHost(SETTINGS.email.parse(settings));
    case "pagerduty":
    case "webhook":
    case "alertmanager":
      return checkUrl(SETTINGS[kind].parse(settings).url);
    case "slack":
    case "teams":
    case "discord":
      return secrets.url === undefined ? undefined : checkUrl(secrets.url);
  }
}

/** Throws `invalid` for an address that would not be called. */
export async function checkUrl(url: string): Promise<void> {
  await checkOutboundUrl(url).catch((error: unknown) => {
    throw error instanceof OutboundError ? invalidField("url", error.message) : error;
  });
}

/** A name that cannot be resolved passes, for every attempt is checked again. */
async function checkHost({ host, tls }: { host: string; tls: string }): Promise<void> {
  const protocol = tls === "none" ? "smtp:" : "smtps:";
  await checkedAddresses({ protocol, hostname: host }).catch((error: unknown) => {
    if (error instanceof OutboundError && error.reason === "refused_address")
      throw invalidField("host", error.message);
  });
}
