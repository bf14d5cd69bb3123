import type { Shape, Tone } from "@/components/ui/mark";
import type { ChannelItem, ChannelKind } from "@/lib/notify/channel-schema";
import type { DeliveryEntry } from "@/lib/notify/delivery-schema";
import type { NoticeReason } from "@/lib/notify/schema";

type Look = { word: string; shape: Shape; tone: Tone };

export const KIND_WORDS: Record<ChannelKind, string> = {
  email: "E-mail",
  slack: "Slack",
  pagerduty: "PagerDuty",
  teams: "Microsoft Teams",
  discord: "Discord",
  webhook: "Webhook",
  alertmanager: "Alertmanager",
};

const CHANNEL_LOOKS: Record<ChannelItem["state"], Look> = {
  ok: { word: "Works", shape: "check", tone: "ok" },
  failing: { word: "Failing", shape: "cross", tone: "fail" },
  disabled: { word: "Disabled", shape: "pause", tone: "stop" },
};

/** A channel whose messages are being tried again does not work as far as anybody knows. */
export const channelLook = ({ state, failures }: ChannelItem): Look =>
  state === "ok" && failures > 0
    ? { word: "Trying again", shape: "hourglass", tone: "wait" }
    : CHANNEL_LOOKS[state];

export const REASON_WORDS: Record<NoticeReason, string> = {
  opened: "opened",
  more_opened: "more opened",
  some_closed: "some closed",
  closed: "closed",
  escalated: "got worse",
  reminder: "reminder",
  silence_ended: "silence ended",
  no_data: "no data",
  flapping: "flapping",
  flapping_ended: "flapping ended",
  late: "found late",
  test: "test",
  health: "rule health",
};

export const DELIVERY_LOOKS: Record<DeliveryEntry["state"], Look> = {
  queued: { word: "Queued", shape: "hourglass", tone: "run" },
  leased: { word: "Being sent", shape: "dot", tone: "run" },
  retrying: { word: "Tried again", shape: "hourglass", tone: "wait" },
  sent: { word: "Sent", shape: "check", tone: "ok" },
  failed: { word: "Failed", shape: "cross", tone: "fail" },
  dropped: { word: "Dropped", shape: "ring", tone: "quiet" },
};

const STATE_REASONS: Record<string, string> = {
  superseded: "a newer message says the same and more",
  closed_before_opened: "it closed before its opening was told",
  channel_removed: "the channel is gone",
  channel_disabled: "the channel is disabled",
  gave_up: "tried as often as it is",
  refused: "the receiver refused it",
  gone: "the receiver is gone",
  unreadable: "it could not be made",
  replayed: "sent again by hand",
};
export const stateReasonWords = (reason: string | null): string | null =>
  reason === null ? null : (STATE_REASONS[reason] ?? reason.replaceAll("_", " "));

/** Where a channel sends to, as far as that may be shown. */
export function placeOf(channel: ChannelItem): string {
  switch (channel.kind) {
    case "email":
      return channel.settings.to.join(", ");
    case "webhook":
    case "alertmanager":
      return channel.settings.url;
    case "pagerduty":
    case "slack":
    case "teams":
    case "discord": {
      const [secret] = channel.secrets;
      return secret ? `${secret.name.replaceAll("_", " ")} ${secret.hint}` : "";
    }
  }
}
