import { createHash } from "node:crypto";
import { clip } from "./clip";
import { htmlOf } from "./email-html";
import { drawCourse, scaleOf } from "./graph";
import { encodePng } from "./png";
import type { Message, NoticeContent } from "./schema";
import { type Entry, restOf, type Sheet, sheetOf, stateWord } from "./sheet";
import { TONES } from "./tones";
import { instantText, valueText } from "./words";

const SUBJECT = 200;
const MOST_ENTRIES = 20;
const TEXT = 4_000;
/** Of a mail; more would be many images that nobody looks at. */
const MOST_GRAPHS = 3;

type Written = { message: Message; base: string; id: string; groupKey: string };

/** A graph's place in the mail, and what is written around it. */
export type Graph = {
  cid: string;
  /** The ends of the values, and of the time. */
  top: string;
  bottom: string;
  from: string;
  to: string;
  hasBound: boolean;
};
export type Mail = {
  subject: string;
  text: string;
  html: string;
  messageId: string;
  /** Never sent: what all mails of a group refer to, by which mail programs keep them together. */
  references: string;
  images: { cid: string; content: Buffer }[];
};

/** A message as a mail: text, HTML, and the course of the first values as pictures. */
export function mailOf({ message, base, id, groupKey }: Written): Mail {
  const host = new URL(base).hostname.replace(/[^a-zA-Z0-9.-]/g, "") || "watchkeeper";
  const sheet = sheetOf(message, base);
  const shown = { ...sheet, entries: sheet.entries.slice(0, MOST_ENTRIES) };
  const rest = restOf(sheet, shown.entries.length);
  const graphs = new Map<string, Graph>();
  const images: Mail["images"] = [];
  for (const [at, member] of [...message.firing, ...message.closed]
    .slice(0, MOST_GRAPHS)
    .entries()) {
    const tone = shown.entries[at]?.tone ?? "info";
    const raster = drawCourse(member.content, TONES[tone]);
    if (raster === null) continue;
    const cid = `course-${at}@${host}`;
    graphs.set(member.id, { cid, ...endsOf(member.content) });
    images.push({ cid, content: encodePng(raster) });
  }
  const root = createHash("sha256").update(groupKey).digest("hex").slice(0, 32);
  return {
    subject: clip(sheet.title.replace(/\s+/g, " "), SUBJECT),
    text: textOf(shown, rest),
    html: htmlOf(shown, { rest, graphs }),
    messageId: `<${id}@${host}>`,
    references: `<group-${root}@${host}>`,
    images,
  };
}

function endsOf(content: NoticeContent): Omit<Graph, "cid"> {
  const scale = scaleOf(content) ?? { fromMs: 0, toMs: 0, low: 0, high: 0 };
  return {
    top: valueText(scale.high, content.unit),
    bottom: valueText(scale.low, content.unit),
    from: instantText(new Date(scale.fromMs).toISOString()),
    to: instantText(new Date(scale.toMs).toISOString()),
    hasBound: content.threshold !== null,
  };
}

function textOf(sheet: Sheet, rest: string | null): string {
  return [
    sheet.title,
    sheet.reasons.map((reason) => `${clip(reason, TEXT)}.`).join("\n"),
    ...sheet.entries.map(entryText),
    ...(rest === null ? [] : [rest]),
    `${sheet.link.text}: ${sheet.link.url}`,
  ].join("\n\n");
}

function entryText(entry: Entry): string {
  const { heading, facts, texts, sessions, links } = entry;
  return [
    `${stateWord(entry)}${clip(heading, 500)}`,
    ...facts.map(({ name, value }) => `  ${name}: ${clip(value, TEXT)}`),
    ...texts.map((text) => `  ${clip(text, TEXT).replaceAll("\n", "\n  ")}`),
    ...sessions.map(({ text, url }) => `  ${clip(text, 300)}\n    ${url}`),
    ...links.map(({ text, url }) => `  ${text}: ${url}`),
  ].join("\n");
}
