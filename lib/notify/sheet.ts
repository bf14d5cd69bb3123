import { formatNanos, formatPlural, plain } from "@/lib/format";
import { sound } from "./clip";
import { alertsUrl, episodeUrl, sessionUrl, silenceUrl } from "./links";
import type { Message, NoticeContent } from "./schema";
import {
  closeText,
  headingOf,
  instantText,
  measureText,
  reasonLines,
  type Severity,
  spanText,
  valueText,
  worstOf,
} from "./words";

export type Tone = Severity | "closed";
export type Link = { text: string; url: string };
export type Fact = { name: string; value: string };

/** A message in words, for any receiver to lay out and to shorten: plain ones, nothing of which is escaped. */
export type Sheet = {
  title: string;
  tone: Tone;
  /** Why it comes. */
  reasons: string[];
  entries: Entry[];
  /** Of members that are not among the entries; null when all are. */
  rest: string | null;
  link: Link;
};

export type Entry = {
  id: string;
  heading: string;
  /** Of a closed one, that it is so. */
  tone: Tone;
  facts: Fact[];
  texts: string[];
  sessions: Link[];
  links: Link[];
};

/** @param base where this product is reached, without a slash at its end */
export function sheetOf(written: Message, base: string): Sheet {
  const message = sound(written);
  const { firing, closed, more } = message;
  const entries = [...firing, ...closed].map(({ id, content }) => entryOf(id, content, base));
  const [first] = entries;
  return {
    title: plain(titleOf(message)),
    tone: firing.length > 0 ? worstOf(message) : "closed",
    reasons: reasonLines(message).map(plain),
    entries,
    rest: more === 0 ? null : `and ${formatPlural(more, "more alert")}`,
    link:
      first && entries.length === 1 && more === 0
        ? { text: "Open the alert", url: episodeUrl(base, first.id) }
        : { text: "Open the alerts", url: alertsUrl(base) },
  };
}

/** "[critical] Failure rate, agent triage: 31 % (9 of 29)"; of several, how many. */
export function titleOf(message: Message): string {
  const { firing, closed, more, reason } = message;
  const members = [...firing, ...closed];
  const [only] = members;
  const state = firing.length > 0 ? stateOf(message) : "closed";
  const mark = reason === "test" ? `[test] [${state}]` : `[${state}]`;
  if (only && members.length === 1 && more === 0) {
    const { content } = only;
    const isMeasured = content.status === "firing" && content.value !== null && !content.health;
    return `${mark} ${headingOf(content)}${isMeasured ? `: ${measureText(content)}` : ""}`;
  }
  const rules = new Set(members.map(({ content }) => content.rule.name));
  const shared = Object.entries(message.group).map(([name, value]) => `${name} ${value}`);
  const about = rules.size === 1 ? [...rules] : shared;
  const counts = [
    ...(firing.length + more > 0 ? [`${firing.length + more} firing`] : []),
    ...(closed.length > 0 ? [`${closed.length} closed`] : []),
  ].join(", ");
  return `${mark} ${[about.join(", "), counts].filter((part) => part !== "").join(": ")}`;
}

/** What is said of members that are not shown, where so many of the entries are; null for none. */
export function restOf(sheet: Sheet, shown: number): string | null {
  const unshown = sheet.entries.length - shown;
  const parts = [
    ...(sheet.rest === null ? [] : [sheet.rest]),
    ...(unshown > 0 ? [`${unshown} not shown here`] : []),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

/** Before the heading of one that is over. */
export const stateWord = ({ tone }: Entry) => (tone === "closed" ? "Closed: " : "");

function stateOf(message: Message): string {
  const { firing, reason } = message;
  if (reason === "health" || firing.every(({ content }) => content.health)) return "rule error";
  if (firing.every(({ content }) => content.status === "no_data")) return "no data";
  return worstOf(message);
}

function entryOf(id: string, content: NoticeContent, base: string): Entry {
  const { summary, description, health, runbook_url } = content;
  const isClosed = content.status === "closed";
  return {
    id,
    heading: plain(headingOf(content)),
    tone: isClosed ? "closed" : content.severity,
    facts: factsOf(content),
    texts: [health, summary, description].flatMap((text) => (text ? plain(text) : [])),
    sessions: content.sessions.slice(0, 3).map((session) => ({
      text: plain(
        `${session.id}: ${session.outcome.replaceAll("_", " ")}, ${formatNanos(session.cost_nanos)}`,
      ),
      url: sessionUrl(base, session.id),
    })),
    links: [
      { text: "Alert", url: episodeUrl(base, id) },
      ...(isClosed ? [] : [{ text: "Silence it", url: silenceUrl(base, id) }]),
      ...(runbook_url === null ? [] : [{ text: "Runbook", url: runbook_url }]),
    ],
  };
}

function factsOf(content: NoticeContent): Fact[] {
  const { status, threshold, unit, condition, opened_at, closed_at, at, session_count } = content;
  const bound = threshold === null ? "" : `, bound ${valueText(threshold, unit)}`;
  const because = closeText(content.close_reason);
  const closing = because === null ? "" : `, because ${because}`;
  return [
    { name: "Severity", value: content.severity },
    { name: "Value", value: status === "no_data" ? "no data" : `${measureText(content)}${bound}` },
    { name: "Rule", value: plain(condition) },
    status === "closed"
      ? {
          name: "Closed",
          value: `${instantText(closed_at ?? at)}, after ${spanText(opened_at, closed_at ?? at)}${closing}`,
        }
      : { name: "Since", value: `${instantText(opened_at)}, for ${spanText(opened_at, at)}` },
    ...(content.flapping ? [{ name: "Note", value: "it opens and closes again and again" }] : []),
    ...(session_count > 0
      ? [{ name: "Sessions", value: formatPlural(session_count, "session") }]
      : []),
  ];
}
