import { createHash } from "node:crypto";
import { plain } from "@/lib/format";
import { bytesOf, clip, sound } from "./clip";
import { alertsUrl, episodeUrl } from "./links";
import type { Message, NoticeContent } from "./schema";
import { sheetOf, titleOf } from "./sheet";

const SUMMARY = 1_024;
const DEDUP_KEY = 255;
const LINK_TEXT = 255;
/** 512 KB is the most; what an event carries beyond its summary is for reading. */
const BODY_BYTES = 500_000;
const DETAIL = 2_000;
const SEVERITIES = {
  info: "info",
  warning: "warning",
  high: "error",
  critical: "critical",
} as const;

type Told = { message: Message; base: string; groupKey: string; routingKey: string };

/** Events for the Events API v2, one for each member: each episode is an incident of its own. */
export function pagerdutyEvents({ message: written, base, groupKey, routingKey }: Told): object[] {
  const message = sound(written);
  const { firing, closed } = message;
  const keyOf = (id: string, content: NoticeContent) => ({
    routing_key: routingKey,
    dedup_key: dedupKeyOf({ ruleId: content.rule.id, groupKey, episodeId: id }),
  });
  return [
    ...firing.map(({ id, content }) => ({
      ...keyOf(id, content),
      event_action: "trigger",
      ...triggerOf({ message, id, content, base }),
    })),
    ...closed.map(({ id, content }) => ({ ...keyOf(id, content), event_action: "resolve" })),
  ];
}

type Parts = { ruleId: string; groupKey: string; episodeId: string };

/** The same for an episode's opening, reminders and close; at most 255 characters. */
export function dedupKeyOf({ ruleId, groupKey, episodeId }: Parts): string {
  const whole = [ruleId, groupKey, episodeId].join("/").toWellFormed();
  if (whole.length <= DEDUP_KEY) return whole;
  return `watchkeeper/${createHash("sha256").update(whole).digest("hex")}`;
}

type Trigger = { message: Message; id: string; content: NoticeContent; base: string };

function triggerOf({ message, id, content, base }: Trigger): object {
  const alone = { ...message, firing: [{ id, content }], closed: [], more: 0 };
  const sheet = sheetOf(alone, base);
  const [entry] = sheet.entries;
  const details = Object.fromEntries([
    ["Why", clip(sheet.reasons.join(". "), DETAIL)],
    ...(entry?.facts ?? []).map(({ name, value }) => [name, clip(value, DETAIL)]),
    ...(entry?.texts ?? []).map((text, at) => [
      at === 0 ? "Text" : `Text ${at + 1}`,
      clip(text, DETAIL),
    ]),
    ...(entry?.sessions ?? []).map(({ text, url }, at) => [
      `Session ${at + 1}`,
      clip(`${text} ${url}`, DETAIL),
    ]),
  ]);
  const links = (entry?.links ?? []).map(({ text, url }) => ({
    href: url,
    text: clip(text, LINK_TEXT),
  }));
  const event = {
    payload: {
      summary: clip(plain(titleOf(alone)), SUMMARY),
      source: clip(new URL(base).host, DEDUP_KEY),
      severity: SEVERITIES[content.severity],
      timestamp: content.opened_at,
      class: clip(content.rule.name, DEDUP_KEY),
      custom_details: details,
    },
    client: "Watchkeeper",
    client_url: message.more > 0 ? alertsUrl(base) : episodeUrl(base, id),
    links,
  };
  if (bytesOf(JSON.stringify(event)) <= BODY_BYTES) return event;
  return { ...event, payload: { ...event.payload, custom_details: {} } };
}
