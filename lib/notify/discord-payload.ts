import { clip } from "./clip";
import type { Message } from "./schema";
import { type Entry, type Link, restOf, sheetOf, stateWord } from "./sheet";
import { numberOf } from "./tones";

const TITLE = 256;
const DESCRIPTION = 4_096;
/** Over all embeds of a message. */
const TOTAL = 6_000;
const MOST_ENTRIES = 8;
const FIELD_NAME = 256;
const FIELD_VALUE = 1_024;
const URL = 1_000;

const MARKS = /[\\`*_~|[\]()<>#]/g;
const quote = (text: string) => text.replace(MARKS, (mark) => `\\${mark}`);

type Embed = { title: string; description?: string; fields?: Field[]; [name: string]: unknown };
type Field = { name: string; value: string; inline: boolean };

const sizeOf = ({ title, description = "", fields = [] }: Embed) =>
  title.length +
  description.length +
  fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);

/** What a Discord webhook takes: one embed that says why, one for each alert; nobody is mentioned. */
export function discordPayload({ message, base }: { message: Message; base: string }): object {
  const sheet = sheetOf(message, base);
  const [first] = sheet.entries;
  const head: Embed = {
    title: clip(sheet.title, TITLE, quote),
    description: clip(`${sheet.reasons.join(". ")}.`, 600, quote),
    url: sheet.link.url,
    color: numberOf(sheet.tone),
  };
  const embeds = [head];
  let left = TOTAL - sizeOf(head) - 100;
  const share = Math.floor(left / Math.max(1, Math.min(MOST_ENTRIES, sheet.entries.length)));
  for (const entry of sheet.entries.slice(0, MOST_ENTRIES)) {
    const embed = embedOf(entry, Math.max(500, share));
    if (sizeOf(embed) > left) break;
    left -= sizeOf(embed);
    embeds.push(embed);
  }
  const rest = restOf(sheet, embeds.length - 1);
  if (rest !== null)
    head.description = `${head.description}
${rest}`;
  return {
    content: "",
    username: "Watchkeeper",
    embeds: first ? embeds : [head],
    allowed_mentions: { parse: [] },
  };
}

function embedOf(entry: Entry, most: number): Embed {
  const title = clip(
    `${stateWord(entry)}${entry.heading}`,
    Math.min(TITLE, Math.floor(most / 4)),
    quote,
  );
  let left = most - title.length;
  const links: string[] = [];
  for (const link of [...entry.links, ...entry.sessions]) {
    const text = linkOf(link);
    if (text === null || text.length + 3 > left / 2) continue;
    left -= text.length + 3;
    links.push(text);
  }
  const fields: Field[] = [];
  for (const { name, value } of entry.facts) {
    const room = Math.min(FIELD_VALUE, Math.floor(left / 2) - name.length);
    if (room < 20) break;
    const field = { name: clip(name, FIELD_NAME), value: clip(value, room, quote), inline: true };
    left -= field.name.length + field.value.length;
    fields.push(field);
  }
  const room = Math.max(0, Math.min(left, DESCRIPTION - links.join(" · ").length) - 2);
  const text = clip(entry.texts.join("\n"), room, quote);
  const description = [text, links.join(" · ")].filter((part) => part !== "").join("\n");
  return { title, description, color: numberOf(entry.tone), fields };
}

/** Null where an address is too long to be linked. */
function linkOf({ text, url }: Link): string | null {
  const href = url.replace(/[()\s<>]/g, (part) => `%${part.charCodeAt(0).toString(16)}`);
  return href.length > URL ? null : `[${clip(text, 120, quote)}](${href})`;
}
