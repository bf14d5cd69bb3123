import { clip } from "./clip";
import type { Message } from "./schema";
import { type Entry, type Link, restOf, type Sheet, sheetOf, stateWord } from "./sheet";
import { hexOf } from "./tones";

const TITLE = 3_000;
const SECTION = 3_000;
/** Of all blocks together: about 13,000 were seen to be refused. */
const BLOCKS_CHARS = 11_000;
/** Of 50 that are allowed. */
const MOST_ENTRIES = 40;
const URL = 1_500;

/** What Slack reads as markup: with these three no mention, link or entity can be written. */
const quote = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const urlOf = (url: string) =>
  quote(url).replace(/[|\s]|&[lg]t;/g, (part) => encodeURIComponent(UNESCAPED[part] ?? part));
const UNESCAPED: Record<string, string> = { "&lt;": "<", "&gt;": ">" };

/** Where an address is too long to be a link, its text alone. */
function linkOf({ text, url }: Link): string {
  const href = urlOf(url);
  const label = clip(text.replaceAll("\n", " "), 200, quote);
  return href.length > URL ? label : `<${href}|${label}>`;
}

/** What a Slack incoming webhook takes. */
export function slackPayload({ message, base }: { message: Message; base: string }): object {
  const sheet = sheetOf(message, base);
  const blocks = blocksOf(sheet);
  return {
    text: clip(sheet.title, TITLE, quote),
    attachments: [{ color: hexOf(sheet.tone), fallback: clip(sheet.title, TITLE, quote), blocks }],
  };
}

const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });

function blocksOf(sheet: Sheet): object[] {
  const head = clip(`${sheet.reasons.join(". ")}.`, SECTION, quote);
  const foot = linkOf(sheet.link);
  const isOne = sheet.entries.length === 1;
  // Each entry takes what the others leave: one alone may be long.
  const room = BLOCKS_CHARS - head.length - foot.length - 200;
  const share = Math.max(600, Math.floor(room / Math.max(1, sheet.entries.length)));
  const texts: string[] = [];
  let left = room;
  for (const entry of sheet.entries.slice(0, MOST_ENTRIES)) {
    const text = entryText(entry, Math.min(SECTION, share));
    if (text.length > left) break;
    left -= text.length;
    texts.push(text);
  }
  const rest = restOf(sheet, texts.length);
  return [
    section(head),
    ...texts.map(section),
    ...(rest === null ? [] : [section(quote(rest))]),
    ...(isOne ? [] : [section(foot)]),
  ];
}

/** Its links first of all: they are kept whatever has to go. */
function entryText(entry: Entry, most: number): string {
  const links = [...entry.links, ...entry.sessions].map(linkOf);
  const tail: string[] = [];
  let left = most - 40;
  for (const link of links) {
    if (link.length + 3 > left / 2) break;
    left -= link.length + 3;
    tail.push(link);
  }
  const heading = clip(
    entry.heading.replaceAll("\n", " "),
    Math.min(200, Math.floor(left / 3)),
    quote,
  );
  left -= heading.length;
  const lines = [...entry.facts.map(({ name, value }) => `${name}: ${value}`), ...entry.texts].join(
    "\n",
  );
  return [
    `*${stateWord(entry)}${heading}*`,
    clip(lines, Math.max(0, left), quote),
    tail.join(" · "),
  ]
    .filter((part) => part !== "")
    .join("\n");
}
