import { bytesOf, clip } from "./clip";
import type { Message } from "./schema";
import { type Entry, type Link, restOf, type Sheet, sheetOf, stateWord, type Tone } from "./sheet";

/** About 28 KB are taken; some tenants take less. */
const BYTES = 24_000;
const TITLE = 500;
const TEXT = 1_500;
const MOST_ENTRIES = 10;
const MOST_ACTIONS = 6;
const URL = 2_000;

const COLORS: Record<Tone, string> = {
  ...{ critical: "Attention", high: "Attention", warning: "Warning" },
  ...{ info: "Accent", closed: "Good" },
};

/** What a card's text reads as Markdown; a tag would be a mention where entities came along, and none do. */
const quote = (text: string) => text.replace(/[\\`*_[\]()<>#~|]/g, (mark) => `\\${mark}`);

/** What the workflow "when a Teams webhook request is received" takes: one adaptive card. */
export function teamsPayload({ message, base }: { message: Message; base: string }): object {
  const sheet = sheetOf(message, base);
  const most = Math.min(MOST_ENTRIES, sheet.entries.length);
  for (const textLength of [TEXT, 400, 120])
    for (let count = most; count > 0; count--) {
      const card = cardOf(sheet, { count, textLength });
      if (bytesOf(JSON.stringify(card)) <= BYTES) return card;
    }
  return cardOf({ ...sheet, reasons: [] }, { count: 0, textLength: 120 });
}

type Size = { count: number; textLength: number };

function cardOf(sheet: Sheet, { count, textLength }: Size): object {
  const shown = sheet.entries.slice(0, count);
  const rest = restOf(sheet, count);
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.2",
    body: [
      { ...block(clip(sheet.title, TITLE, quote)), ...TITLE_STYLE, color: COLORS[sheet.tone] },
      ...sheet.reasons.map((reason) => block(clip(`${reason}.`, textLength, quote))),
      ...shown.flatMap((entry) => entryBlocks(entry, textLength)),
      ...(rest === null ? [] : [block(quote(rest))]),
    ],
    actions: actionsOf(sheet),
    msteams: { width: "full" },
  };
  return {
    type: "message",
    attachments: [
      { contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content },
    ],
  };
}

const TITLE_STYLE = { weight: "Bolder", size: "Medium", style: "heading" };
const block = (text: string) => ({ type: "TextBlock", text, wrap: true });

function entryBlocks(entry: Entry, textLength: number): object[] {
  return [
    {
      ...block(clip(`${stateWord(entry)}${entry.heading}`, textLength, quote)),
      ...{ weight: "Bolder", color: COLORS[entry.tone], separator: true },
    },
    {
      type: "FactSet",
      facts: entry.facts.map(({ name, value }) => ({
        title: name,
        value: clip(value, textLength, quote),
      })),
    },
    ...entry.texts.map((text) => block(clip(text, textLength, quote))),
    ...entry.sessions.map((link) => block(`[${clip(link.text, 200, quote)}](${urlOf(link)})`)),
  ];
}

const urlOf = ({ url }: Link) =>
  url.replace(/[()\s<>]/g, (part) => `%${part.charCodeAt(0).toString(16)}`);

function actionsOf(sheet: Sheet): object[] {
  const [only] = sheet.entries;
  const links = only && sheet.entries.length === 1 ? only.links : [sheet.link];
  return links
    .filter(({ url }) => url.length <= URL)
    .slice(0, MOST_ACTIONS)
    .map(({ text, url }) => ({ type: "Action.OpenUrl", title: text, url: url }));
}
